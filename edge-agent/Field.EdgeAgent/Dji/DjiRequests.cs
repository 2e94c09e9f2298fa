using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>What a gateway is told of the cloud it works for.</summary>
/// <param name="Organization">Id and name of the organisation: the site.</param>
/// <param name="Device">The agent's own device id: what a gateway is called.</param>
internal sealed record DjiCloud(string Organization, string Device)
{
    /// <summary>NTP server that a gateway is to use, or null.</summary>
    public string? NtpHost { get; init; }

    /// <summary>Its port.</summary>
    public int NtpPort { get; init; } = 123;

    /// <summary>Id, key and licence that DJI gave the operator for this cloud, or null.</summary>
    public DjiApp? App { get; init; }
}

/// <summary>What DJI gave the operator for their cloud; key and licence are secrets between the operator and their gateways.</summary>
/// <param name="Id">App id.</param>
/// <param name="Key">App key.</param>
/// <param name="License">App licence.</param>
internal sealed record DjiApp(string Id, string Key, string License)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>
/// Answers what a dock or DJI Pilot 2 asks at its start and does not go on without: its configuration, and whose it is. The table of aircraft
/// is the binding: a device of it, and the gateway that asks, belong to the site; binding another does not make it so. Everything else is
/// refused, never left unanswered.
/// </summary>
/// <param name="cloud">What is told.</param>
/// <param name="devices">Serial number to device id of the aircraft of the table.</param>
/// <param name="metrics">Counts.</param>
internal sealed class DjiRequests(DjiCloud cloud, IReadOnlyDictionary<string, string> devices, DjiMetrics metrics)
{
    private const string At = "/data";
    private const int MaxDevices = 32;

    /// <summary>True for the methods that are read.</summary>
    public static bool Knows(string? method) =>
        method is "config" or "airport_bind_status" or "airport_organization_get" or "airport_organization_bind" or "storage_config_get";

    /// <summary>The answer; null with errors.</summary>
    public DjiAnswer? Answer(string gateway, DjiMessage message, JsonChecker json)
    {
        if (message.Tid is null)
        {
            json.Add("/tid", ErrorCodes.Missing, "a request has a tid");
        }

        DjiAnswer? answer = message.Method switch
        {
            "config" => Config(),
            "airport_bind_status" => BindStatus(gateway, message.Data(json), json),
            "airport_organization_get" => Organization(message.Data(json), json),
            "airport_organization_bind" => Bind(gateway, message.Data(json), json),
            _ => null, // also storage_config_get: Field lends nobody the keys of a store; photos come to it as photos
        };
        if (json.Errors.Count > 0)
        {
            return null;
        }

        metrics.Request(message.Method, isRefused: answer is null);
        return answer ?? DjiAnswer.Of(DjiAnswer.NotOffered);
    }

    /// <summary>Its members stand in data itself, without a result; null when there is nothing to tell.</summary>
    private DjiAnswer? Config() => cloud is { NtpHost: null, App: null } ? null : new DjiAnswer(writer =>
    {
        writer.WriteOptional("app_id", cloud.App?.Id);
        writer.WriteOptional("app_key", cloud.App?.Key);
        writer.WriteOptional("app_license", cloud.App?.License);
        if (cloud.NtpHost is { } host)
        {
            writer.WriteString("ntp_server_host", host);
            writer.WriteNumber("ntp_server_port", cloud.NtpPort);
        }
    });

    private DjiAnswer? BindStatus(string gateway, JsonElement? data, JsonChecker json)
    {
        IReadOnlyList<string> asked = Serials(data, "devices", json);
        return DjiAnswer.With(writer =>
        {
            writer.WriteStartArray("bind_status");
            foreach (string sn in asked)
            {
                string? callsign = Callsign(gateway, sn);
                writer.WriteStartObject();
                writer.WriteString("sn", sn);
                writer.WriteBoolean("is_device_bind_organization", callsign is not null);
                writer.WriteString("organization_id", callsign is null ? "" : cloud.Organization);
                writer.WriteString("organization_name", callsign is null ? "" : cloud.Organization);
                writer.WriteString("device_callsign", callsign ?? "");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>The name of the organisation that a person typed into the dock; the binding code beside it is not read, for it decides nothing.</summary>
    private DjiAnswer? Organization(JsonElement? data, JsonChecker json)
    {
        string? id = data is { } d ? json.Text(d, At, "organization_id", maxLength: 128) : null;
        return id == cloud.Organization ? DjiAnswer.With(writer => writer.WriteString("organization_name", cloud.Organization)) : null;
    }

    private DjiAnswer? Bind(string gateway, JsonElement? data, JsonChecker json)
    {
        List<(string Sn, bool IsOurs)> all = [];
        foreach ((JsonElement item, string at) in data is { } d ? json.Objects(d, At, "bind_devices", MaxDevices) : [])
        {
            string? organization = json.Text(item, at, "organization_id", required: false, maxLength: 128);
            if (Serial(item, at, json) is { } sn)
            {
                all.Add((sn, Callsign(gateway, sn) is not null && (organization is null || organization == cloud.Organization)));
            }
        }

        return DjiAnswer.With(writer =>
        {
            writer.WriteStartArray("err_infos");
            foreach ((string sn, bool isOurs) in all)
            {
                writer.WriteStartObject();
                writer.WriteString("sn", sn);
                writer.WriteNumber("err_code", isOurs ? DjiAnswer.Ok : DjiAnswer.NotOffered);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private string? Callsign(string gateway, string sn) => sn == gateway ? cloud.Device : devices.GetValueOrDefault(sn);

    private static List<string> Serials(JsonElement? data, string name, JsonChecker json)
    {
        List<string> serials = [];
        foreach ((JsonElement item, string at) in data is { } d ? json.Objects(d, At, name, MaxDevices) : [])
        {
            if (Serial(item, at, json) is { } sn)
            {
                serials.Add(sn);
            }
        }

        return serials;
    }

    private static string? Serial(JsonElement item, string at, JsonChecker json)
    {
        string? sn = json.Text(item, at, "sn", maxLength: DjiTopic.MaxSnLength);
        if (sn is not null && !DjiTopic.IsSn(sn))
        {
            json.Add($"{at}/sn", ErrorCodes.BadFormat, "must be a serial number");
            return null;
        }

        return sn;
    }
}
