namespace Field.Store.Audit;

/// <summary>Something that was done or refused.</summary>
/// <param name="What">The action, such as <c>device.enrol</c> or <c>mqtt.publish</c>.</param>
/// <param name="Who">Who did it: <c>user:NAME</c>, <c>device:SITE/DEVICE</c> or <c>anonymous</c>.</param>
/// <param name="On">What it was done to, such as a topic or a device.</param>
/// <param name="Outcome"><c>done</c> or <c>refused</c>.</param>
public sealed record AuditEntry(string What, string Who, string On, string Outcome)
{
    /// <summary>Remote address, or null on this machine.</summary>
    public string? From { get; init; }

    /// <summary>Why it was refused, as a fixed word, or null.</summary>
    public string? Code { get; init; }

    /// <summary>One more line, or null. Never a secret.</summary>
    public string? Detail { get; init; }

    /// <summary>How often; above 1 for refusals that were counted together.</summary>
    public long Count { get; init; } = 1;
}

/// <summary>What a verification found.</summary>
/// <param name="Entries">Entries whose chain is whole, from the first.</param>
/// <param name="Head">Hash of the last of them: note it elsewhere, and nobody can rewrite what came before without being found out.</param>
/// <param name="Problem">The first thing that is wrong, with file and line; null when nothing is.</param>
public sealed record AuditReport(long Entries, string Head, string? Problem);
