using System.Net;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.External;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>How the server runs on this machine. Environment variables <c>FIELD_*</c> give defaults, arguments override.</summary>
public sealed record UpOptions
{
    /// <summary>Folder for everything that Field keeps. Default <c>.field/data</c>; created when absent; one server at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Site id of the topics. Default <c>demo</c>.</summary>
    public required string Site { get; init; }

    /// <summary>TCP port of the map and API on loopback, 0 to 65535; 0 takes a free one. Default 8080.</summary>
    public required int HttpPort { get; init; }

    /// <summary>TCP port of MQTT on loopback, 0 to 65535; 0 takes a free one. Default 1883.</summary>
    public required int MqttPort { get; init; }

    /// <summary>
    /// Address that other machines reach, such as <c>0.0.0.0</c>: enrolled devices over TLS, and enrolment. Null (the default): nobody but
    /// this machine. Plain MQTT stays on loopback either way.
    /// </summary>
    public string? PublicAddress { get; init; }

    /// <summary>TCP port of MQTT over TLS on <see cref="PublicAddress"/>, 0 to 65535; 0 takes a free one. Default 8883.</summary>
    public int MqttsPort { get; init; } = 8883;

    /// <summary>TCP port of enrolment over HTTPS on <see cref="PublicAddress"/>, 0 to 65535; 0 takes a free one. Default 8443.</summary>
    public int HttpsPort { get; init; } = 8443;

    /// <summary>
    /// Address on which people on other machines reach the map over TLS, signed in. Null (the default): the map is for this machine only.
    /// </summary>
    public string? MapAddress { get; init; }

    /// <summary>TCP port of the map on <see cref="MapAddress"/>, 0 to 65535; 0 takes a free one. Default 8444.</summary>
    public int MapPort { get; init; } = 8444;

    /// <summary>True when <see cref="MapAddress"/> can be reached from the internet: data of residents and of the tax office is never served there.</summary>
    public bool IsInternetFacing { get; init; }

    /// <summary>PEM file of the map's certificate there; null takes one of the site's own CA.</summary>
    public string? MapCertificatePath { get; init; }

    /// <summary>PEM file of that certificate's key.</summary>
    public string? MapKeyPath { get; init; }

    /// <summary>Address on which anybody reads the public map over TLS: layers of the class <c>public</c>, and nothing else. Null (the default): nobody.</summary>
    public string? PublicMapAddress { get; init; }

    /// <summary>TCP port of the public map on <see cref="PublicMapAddress"/>, 0 to 65535; 0 takes a free one. Default 8445.</summary>
    public int PublicMapPort { get; init; } = 8445;

    /// <summary>PEM file of the public map's certificate; null takes one of the site's own CA, which no citizen's browser knows.</summary>
    public string? PublicMapCertificatePath { get; init; }

    /// <summary>PEM file of that certificate's key.</summary>
    public string? PublicMapKeyPath { get; init; }

    /// <summary>
    /// Requests a second that one address may make of the public map, ten seconds' worth at once; 0 to 100,000, 0 for no limit (behind a proxy that has its own).
    /// Default 60.
    /// </summary>
    public int PublicMapRate { get; init; } = 60;

    /// <summary>Host names and addresses that devices use, for the server's certificate. Default: this machine's name and loopback.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Roles whose people need an authenticator app beside the password. Default none.</summary>
    public IReadOnlyList<string> TotpRoles { get; init; } = [];

    /// <summary>Counts of residents from 1 to under this are hidden from who may not see residents; 5 by default, 3 to 1,000.</summary>
    public int MinCell { get; init; } = 5;

    /// <summary>Folder with <c>city.geojson</c> and <c>base.json</c> for the base map; null draws a plain one.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>Folder of the built map (<c>map-app/web/dist</c>).</summary>
    public required string WebDirectory { get; init; }

    /// <summary>The model cards that score photos. Default: all in <c>models</c>.</summary>
    public required IReadOnlyList<string> ModelCardPaths { get; init; }

    /// <summary>True scores every photo with every model, whatever asset is near. Default false.</summary>
    public bool RunAllModels { get; init; }

    /// <summary>True shows the tiles of 国土地理院 under the map, which needs the internet. Default false.</summary>
    public bool GsiTiles { get; init; }

    /// <summary>Ground elevation above sea for photos without a relative altitude, m; null uses the stated assumption.</summary>
    public double? GroundElevationM { get; init; }

    /// <summary>The file of alarm rules; null (the default) takes <c>alarms.json</c> of the data folder when it is there.</summary>
    public string? AlarmRulesPath { get; init; }

    /// <summary>How far a device's clock may be off before its times are corrected; 2 minutes by default, 5 s to 1 day.</summary>
    public TimeSpan ClockSkewThreshold { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most bytes of unfinished uploads; 50 GiB by default, from 1 MiB.</summary>
    public long MaxIncomingBytes { get; init; } = 50L << 30;

    /// <summary>How long an upload may make no progress before it is forgotten; 30 days by default, 1 hour to 1,000 days.</summary>
    public TimeSpan MaxIncomingAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Free space on the disk of <see cref="DataDirectory"/> below which health is degraded; 2 GiB by default, from 0.</summary>
    public long MinFreeDiskBytes { get; init; } = 2L << 30;

    /// <summary>Days after a booking's end for which who booked is kept; 30 by default, 1 to 3,650.</summary>
    public int BookingRetentionDays { get; init; } = 30;

    /// <summary>The broker through which the devices speak, or null when they speak to this server's own. Default null.</summary>
    public ExternalBrokerOptions? ExternalBroker { get; init; }

    /// <summary>What ingest needs of them.</summary>
    public IngestOptions Ingest() => new()
    {
        Site = Site,
        DataDirectory = DataDirectory,
        ModelCardPaths = ModelCardPaths,
        RunAllModels = RunAllModels,
        GroundElevationM = GroundElevationM,
        ExternalBroker = ExternalBroker,
        AlarmRulesPath = AlarmRulesPath,
        ClockSkewThreshold = ClockSkewThreshold,
        MaxIncomingBytes = MaxIncomingBytes,
        MaxIncomingAge = MaxIncomingAge,
        MinFreeDiskBytes = MinFreeDiskBytes,
        BookingRetentionDays = BookingRetentionDays,
    };

    /// <summary>Everything that is wrong with the options.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (!Ids.IsSite(Site))
        {
            errors.Add($"--site {Site}: up to 32 of a-z, 0-9 and -, not starting with -");
        }

        Port("--http", HttpPort);
        Port("--mqtt", MqttPort);
        Port("--mqtts", MqttsPort);
        Port("--https", HttpsPort);
        if (PublicAddress is not null && !IPAddress.TryParse(PublicAddress, out _))
        {
            errors.Add($"--public {PublicAddress}: an address of this machine, such as 0.0.0.0 for all of them");
        }

        Port("--map-https", MapPort);
        if (MapAddress is not null && !IPAddress.TryParse(MapAddress, out _))
        {
            errors.Add($"--map-address {MapAddress}: an address of this machine, such as 0.0.0.0 for all of them");
        }

        if ((MapCertificatePath is null) != (MapKeyPath is null))
        {
            errors.Add("--map-cert and --map-key: both, or neither");
        }

        errors.AddRange(new[] { MapCertificatePath, MapKeyPath }.Where(p => p is not null && !File.Exists(p)).Select(p => $"--map-cert, --map-key: there is no file {p}"));
        Port("--public-map-https", PublicMapPort);
        if (PublicMapAddress is not null && !IPAddress.TryParse(PublicMapAddress, out _))
        {
            errors.Add($"--public-map {PublicMapAddress}: an address of this machine, such as 0.0.0.0 for all of them");
        }

        if ((PublicMapCertificatePath is null) != (PublicMapKeyPath is null))
        {
            errors.Add("--public-map-cert and --public-map-key: both, or neither");
        }

        errors.AddRange(new[] { PublicMapCertificatePath, PublicMapKeyPath }.Where(p => p is not null && !File.Exists(p)).Select(p => $"--public-map-cert, --public-map-key: there is no file {p}"));
        if (PublicMapRate is < 0 or > 100_000)
        {
            errors.Add("--public-map-rate: 0 to 100000 requests a second");
        }

        if (MinCell is < 3 or > 1000)
        {
            errors.Add("--min-cell: 3 to 1000");
        }

        errors.AddRange(TotpRoles.Except(Permissions.Roles).Select(r => $"--totp {r}: one of {string.Join(", ", Permissions.Roles)}"));
        if (BaseDirectory is not null && !File.Exists(Path.Combine(BaseDirectory, "city.geojson")))
        {
            errors.Add($"--base {BaseDirectory}: no city.geojson there");
        }

        if (!File.Exists(Path.Combine(WebDirectory, "index.html")))
        {
            errors.Add($"the map is not built ({WebDirectory}): start with ./field up, or run npm ci && npm run build in map-app/web");
        }

        errors.AddRange(ModelCardPaths.Where(p => !File.Exists(p)).Select(p => $"--model: no model card {p}"));
        if (ModelCardPaths.Count == 0)
        {
            errors.Add("--model: there is no model; name a model card");
        }

        if (GroundElevationM is { } elevation && elevation is not (>= -500 and <= 9000))
        {
            errors.Add("--ground-elevation: metres above sea, -500 to 9000");
        }

        errors.AddRange(ExternalBroker?.Validate().Select(e => $"--broker: {e}") ?? []);
        return errors;

        void Port(string option, int port)
        {
            if (port is < 0 or > 65535)
            {
                errors.Add($"{option} {port}: a port is 0 to 65535");
            }
        }
    }
}
