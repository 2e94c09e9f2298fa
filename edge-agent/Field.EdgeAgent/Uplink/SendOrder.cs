using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>
/// Which photo goes next when the line is thin. In this order, and within each by what is said, then by ordinal:
/// <list type="number">
/// <item>begun in this run and broken off by the line: finishing them costs least and frees their place at the server;</item>
/// <item>scored <see cref="High"/> or above, the highest first;</item>
/// <item>not scored, or impossible to score: nothing is known against them;</item>
/// <item>scored below, the highest first.</item>
/// </list>
/// No photo waits for its score: what is taken now is chosen by what is known now.
/// </summary>
internal static class SendOrder
{
    /// <summary>From here on a score says that something is probably there.</summary>
    public const double High = 0.5;

    /// <summary>The key of a photo; the least goes first.</summary>
    public static (int Class, double NegativeScore, long Ordinal) Of(OutboxPhoto photo, bool isBegun) => (isBegun, photo.Triage?.Score) switch
    {
        (true, _) => (0, 0, photo.Ordinal),
        (_, null) => (2, 0, photo.Ordinal),
        (_, { } score) => (score >= High ? 1 : 3, -score, photo.Ordinal),
    };
}
