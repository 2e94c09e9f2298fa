using System.Buffers;

namespace Field.EdgeAgent.Dji;

/// <summary>What a topic of the DJI Cloud API carries.</summary>
internal enum DjiChannel
{
    /// <summary><c>sys/product/{gateway_sn}/status</c>: which devices hang on the gateway.</summary>
    Status,

    /// <summary><c>thing/product/{sn}/osd</c>: properties at a steady rate, 0.5 Hz.</summary>
    Osd,

    /// <summary><c>thing/product/{sn}/state</c>: properties when they change.</summary>
    State,

    /// <summary><c>thing/product/{gateway_sn}/events</c>.</summary>
    Events,

    /// <summary><c>thing/product/{gateway_sn}/requests</c>: what a gateway asks the cloud.</summary>
    Requests,

    /// <summary><c>thing/product/{gateway_sn}/services_reply</c>: what became of a call.</summary>
    ServicesReply,
}

/// <summary>A topic of the DJI Cloud API.</summary>
/// <param name="Channel">What it carries.</param>
/// <param name="Sn">Serial number of the device or gateway.</param>
internal sealed record DjiTopic(DjiChannel Channel, string Sn)
{
    /// <summary>Longest serial number taken, characters.</summary>
    public const int MaxSnLength = 32;

    private static readonly SearchValues<char> SnCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Filters that give everything the adapter understands.</summary>
    public static IReadOnlyList<(string Filter, int Qos)> Filters { get; } =
    [
        ("sys/product/+/status", 1), ("thing/product/+/osd", 0), ("thing/product/+/state", 1), ("thing/product/+/events", 1),
        ("thing/product/+/requests", 1), ("thing/product/+/services_reply", 1),
    ];

    /// <summary>Where a message of this topic is answered; null when there is no answer to it.</summary>
    public string? ReplyTopic => Channel switch
    {
        DjiChannel.Status => $"sys/product/{Sn}/status_reply",
        DjiChannel.Events => $"thing/product/{Sn}/events_reply",
        DjiChannel.Requests => $"thing/product/{Sn}/requests_reply",
        _ => null,
    };

    /// <summary>
    /// True where a message may hold a secret: the keys of devices in a topology, the binding code that a person typed into a dock. Of
    /// such a message only the errors are kept, and they quote nothing.
    /// </summary>
    public bool MayHoldSecrets => Channel is DjiChannel.Status or DjiChannel.Requests;

    /// <summary>Where a gateway hears calls.</summary>
    public static string Services(string gateway) => $"thing/product/{gateway}/services";

    /// <summary>True for what may be a serial number.</summary>
    public static bool IsSn(string text) => text.Length is > 0 and <= MaxSnLength && !text.AsSpan().ContainsAnyExcept(SnCharacters);

    /// <summary>Parses a topic name; null when it is none of these.</summary>
    public static DjiTopic? Parse(string topic)
    {
        string[] level = topic.Split('/');
        if (level.Length != 4 || level[1] != "product" || !IsSn(level[2]))
        {
            return null;
        }

        return (level[0], level[3]) switch
        {
            ("sys", "status") => new DjiTopic(DjiChannel.Status, level[2]),
            ("thing", "osd") => new DjiTopic(DjiChannel.Osd, level[2]),
            ("thing", "state") => new DjiTopic(DjiChannel.State, level[2]),
            ("thing", "events") => new DjiTopic(DjiChannel.Events, level[2]),
            ("thing", "requests") => new DjiTopic(DjiChannel.Requests, level[2]),
            ("thing", "services_reply") => new DjiTopic(DjiChannel.ServicesReply, level[2]),
            _ => null,
        };
    }
}
