using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>Reads <c>update_topo</c>: which devices hang on a gateway. Its <c>device_secret</c> and <c>nonce</c> are never read.</summary>
internal static class DjiTopology
{
    /// <summary>The method's name.</summary>
    public const string Method = "update_topo";

    /// <summary>Most devices of a gateway.</summary>
    public const int MaxSubDevices = 16;

    /// <summary>The serial numbers; an empty list says that nothing hangs on the gateway any more.</summary>
    public static IReadOnlyList<string> ReadSubDevices(JsonChecker json, JsonElement data)
    {
        List<string> serials = [];
        foreach ((JsonElement item, string at) in json.Objects(data, "/data", "sub_devices", MaxSubDevices))
        {
            string? sn = json.Text(item, at, "sn", maxLength: DjiTopic.MaxSnLength);
            if (sn is not null && !DjiTopic.IsSn(sn))
            {
                json.Add($"{at}/sn", ErrorCodes.BadFormat, "must be a serial number");
            }
            else if (sn is not null)
            {
                serials.Add(sn);
            }
        }

        return serials;
    }
}
