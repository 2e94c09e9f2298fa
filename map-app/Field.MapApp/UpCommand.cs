using System.CommandLine;
using Field.Vision;

namespace Field.MapApp;

/// <summary><c>up</c>: runs broker, ingest, scoring and map in one process.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        string root = Installation.Root();
        Option<string> data = new("--data") { Description = "Folder for everything that Field keeps.", DefaultValueFactory = _ => Setting("FIELD_DATA") ?? Path.Combine(root, ".field", "data") };
        Option<string> site = new("--site") { Description = "Site id of the topics.", DefaultValueFactory = _ => Setting("FIELD_SITE") ?? "demo" };
        Option<int> http = new("--http") { Description = "Port of the map on loopback; 0 takes a free one.", DefaultValueFactory = _ => 8080 };
        Option<int> mqtt = new("--mqtt") { Description = "Port of MQTT on loopback; 0 takes a free one.", DefaultValueFactory = _ => 1883 };
        Option<string?> publicAddress = new("--public") { HelpName = "ADDRESS", Description = "Let enrolled devices connect on this address over TLS (0.0.0.0: all addresses). Plain MQTT stays on loopback. Environment: FIELD_PUBLIC.", DefaultValueFactory = _ => Setting("FIELD_PUBLIC") };
        Option<int> mqtts = new("--mqtts") { Description = "Port of MQTT over TLS with --public; 0 takes a free one.", DefaultValueFactory = _ => 8883 };
        Option<int> https = new("--https") { Description = "Port of enrolment over HTTPS with --public; 0 takes a free one.", DefaultValueFactory = _ => 8443 };
        Option<string?> mapAddress = new("--map-address") { HelpName = "ADDRESS", Description = "Let people who signed in use the map on this address over TLS (0.0.0.0: all addresses). Accounts: ./field user add. Environment: FIELD_MAP_ADDRESS.", DefaultValueFactory = _ => Setting("FIELD_MAP_ADDRESS") };
        Option<int> mapHttps = new("--map-https") { HelpName = "PORT", Description = "Port of the map with --map-address; 0 takes a free one.", DefaultValueFactory = _ => 8444 };
        Option<bool> internet = new("--internet") { Description = "The internet reaches --map-address: data of residents and of the tax office is never served there." };
        Option<string?> mapCertificate = new("--map-cert") { HelpName = "FILE", Description = "PEM file with the map's certificate and those above it; default one of the site's own CA.", DefaultValueFactory = _ => Setting("FIELD_MAP_CERT") };
        Option<string?> mapKey = new("--map-key") { HelpName = "FILE", Description = "PEM file with that certificate's key.", DefaultValueFactory = _ => Setting("FIELD_MAP_KEY") };
        Option<string?> publicMap = new("--public-map") { HelpName = "ADDRESS", Description = "Let anybody read the public map on this address over TLS: layers of the class public, and nothing else. Environment: FIELD_PUBLIC_MAP.", DefaultValueFactory = _ => Setting("FIELD_PUBLIC_MAP") };
        Option<int> publicMapHttps = new("--public-map-https") { HelpName = "PORT", Description = "Port of the public map; 0 takes a free one.", DefaultValueFactory = _ => 8445 };
        Option<string?> publicMapCertificate = new("--public-map-cert") { HelpName = "FILE", Description = "PEM file with the public map's certificate and those above it; citizens' browsers must know its authority.", DefaultValueFactory = _ => Setting("FIELD_PUBLIC_MAP_CERT") };
        Option<string?> publicMapKey = new("--public-map-key") { HelpName = "FILE", Description = "PEM file with that certificate's key.", DefaultValueFactory = _ => Setting("FIELD_PUBLIC_MAP_KEY") };
        Option<int> publicMapRate = new("--public-map-rate") { HelpName = "NUMBER", Description = "Requests a second that one address may make of the public map; 0: no limit, behind a proxy that has its own.", DefaultValueFactory = _ => 60 };
        Option<int> minCell = new("--min-cell") { HelpName = "N", DefaultValueFactory = _ => 5, Description = "Counts of residents from 1 to under this are hidden from who may not see residents, 3 to 1000." };
        Option<string[]> totp = new("--totp") { HelpName = "ROLE", Description = "People of this role need an authenticator app beside the password; may be repeated." };
        Option<string[]> hosts = new("--host") { HelpName = "NAME", Description = "Host name or address by which devices reach this server, for its certificate; may be repeated. Default: this machine's name and loopback." };
        Option<string?> baseMap = new("--base") { Description = "Folder with city.geojson and base.json.", DefaultValueFactory = _ => Setting("FIELD_BASE") };
        Option<string[]> model = new("--model") { HelpName = "CARD", Description = "Model card that scores photos; may be repeated. Default: all in models/ whose card does not say experimental; which of them looks at a photo is decided by the assets near. Environment: FIELD_MODEL.", DefaultValueFactory = _ => Models(root) };
        Option<bool> allModels = new("--all-models") { Description = "Score every photo with every model, whatever asset is near." };
        Option<bool> gsi = new("--gsi-tiles") { Description = "Show the tiles of 国土地理院 (needs the internet)." };
        Option<double?> ground = new("--ground-elevation") { Description = "Ground above sea, m, for photos that know only their height above sea." };
        Option<string?> alarms = new("--alarms") { Description = "File of alarm rules; default alarms.json in the data folder, if it is there.", DefaultValueFactory = _ => Setting("FIELD_ALARMS") };
        Option<string?> broker = new("--broker") { HelpName = "URL", Description = "Another MQTT broker through which the devices speak, mqtt://host[:1883] or mqtts://host[:8883]; its password comes from FIELD_BROKER_PASSWORD.", DefaultValueFactory = _ => Setting("FIELD_EXTERNAL_BROKER") };
        Option<string?> brokerUser = new("--broker-user") { Description = "User name at that broker.", DefaultValueFactory = _ => Setting("FIELD_BROKER_USER") };
        Option<string?> brokerCa = new("--broker-ca") { HelpName = "FILE", Description = "PEM file of the only authority that may have signed that broker's certificate.", DefaultValueFactory = _ => Setting("FIELD_BROKER_CA") };
        Option<string?> brokerCertificate = new("--broker-cert") { HelpName = "FILE", Description = "PEM file with the certificate and private key for that broker.", DefaultValueFactory = _ => Setting("FIELD_BROKER_CERT") };
        LimitArguments limits = new();
        Command command = new("up", "Runs the server: MQTT broker, ingest, scoring and the map.") { data, site, http, mqtt, publicAddress, mqtts, https, hosts, mapAddress, mapHttps, internet, mapCertificate, mapKey, publicMap, publicMapHttps, publicMapCertificate, publicMapKey, publicMapRate, totp, minCell, baseMap, model, allModels, gsi, ground, broker, brokerUser, brokerCa, brokerCertificate, alarms };
        limits.AddTo(command);
        command.SetAction(async (result, cancel) =>
        {
            UpOptions options = new()
            {
                DataDirectory = Path.GetFullPath(result.GetValue(data)!),
                Site = result.GetValue(site)!,
                HttpPort = result.GetValue(http),
                MqttPort = result.GetValue(mqtt),
                PublicAddress = result.GetValue(publicAddress),
                MqttsPort = result.GetValue(mqtts),
                HttpsPort = result.GetValue(https),
                Hosts = result.GetValue(hosts) ?? [],
                MapAddress = result.GetValue(mapAddress),
                MapPort = result.GetValue(mapHttps),
                IsInternetFacing = result.GetValue(internet),
                MapCertificatePath = result.GetValue(mapCertificate),
                MapKeyPath = result.GetValue(mapKey),
                PublicMapAddress = result.GetValue(publicMap),
                PublicMapPort = result.GetValue(publicMapHttps),
                PublicMapCertificatePath = result.GetValue(publicMapCertificate),
                PublicMapKeyPath = result.GetValue(publicMapKey),
                PublicMapRate = result.GetValue(publicMapRate),
                MinCell = result.GetValue(minCell),
                TotpRoles = result.GetValue(totp) ?? [],
                BaseDirectory = result.GetValue(baseMap),
                WebDirectory = Setting("FIELD_WEB") ?? Path.Combine(root, "map-app", "web", "dist"),
                ModelCardPaths = result.GetValue(model) ?? [],
                RunAllModels = result.GetValue(allModels),
                GsiTiles = result.GetValue(gsi),
                GroundElevationM = result.GetValue(ground),
                AlarmRulesPath = result.GetValue(alarms),
                ExternalBroker = result.GetValue(broker) is { } server
                    ? new()
                    {
                        Server = Uri.TryCreate(server, UriKind.Absolute, out Uri? address) ? address : new Uri(server, UriKind.Relative),
                        UserName = result.GetValue(brokerUser),
                        Password = Setting("FIELD_BROKER_PASSWORD"),
                        AuthorityPath = result.GetValue(brokerCa),
                        CertificatePath = result.GetValue(brokerCertificate),
                    }
                    : null,
            };
            return await Server.RunAsync(limits.Apply(result, options), cancel).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>The cards of FIELD_MODEL, separated as PATH is, or all that have their model beside them and are not experimental.</summary>
    internal static string[] Models(string root)
    {
        string folder = Path.Combine(root, "models");
        return Setting("FIELD_MODEL")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            ?? (Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Where(IsUsual).Order(StringComparer.Ordinal)] : []);
    }

    /// <summary>A card that cannot be read counts: the start says what is wrong with it.</summary>
    private static bool IsUsual(string path)
    {
        try
        {
            return File.Exists(Path.ChangeExtension(path, ".onnx")) && !ModelCard.Load(path).Experimental;
        }
        catch (VisionException)
        {
            return true;
        }
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
