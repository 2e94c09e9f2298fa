namespace Field.MapApp.Forms;

/// <summary>From the event to the located damage: when places were photographed, received, scored and decided.</summary>
internal sealed class FloodTimeline
{
    public FloodTimeline(DateTimeOffset? eventAt, IReadOnlyList<Damage> damages)
    {
        EventAt = eventAt;
        Count = damages.Count;
        Captured = Of("撮影", "photographed", damages.Select(d => d.Row.Time("capturedAt")));
        Received = Of("受信", "received", damages.Select(d => d.Photo?.Time("receivedAt")));
        Scored = Of("採点（位置の特定）", "scored and located", damages.Select(d => d.Photo?.Time("scoredAt")));
        Decided = Of("人の判定", "decided by a person", damages.Select(d => d.IsDecided ? d.Row.Time("decidedAt") : null));
    }

    /// <summary>One step for all places: its names, and the times of the places that have come so far, in order.</summary>
    internal sealed record Stage(string Ja, string En, IReadOnlyList<DateTimeOffset> Times)
    {
        public DateTimeOffset? First => Times.Count > 0 ? Times[0] : null;

        /// <summary>The middle one, or halfway between the two in the middle.</summary>
        public DateTimeOffset? Median => Times.Count > 0 ? Times[(Times.Count - 1) / 2] + ((Times[Times.Count / 2] - Times[(Times.Count - 1) / 2]) / 2) : null;

        public DateTimeOffset? Last => Times.Count > 0 ? Times[^1] : null;
    }

    public DateTimeOffset? EventAt { get; }

    public int Count { get; }

    public Stage Captured { get; }

    public Stage Received { get; }

    public Stage Scored { get; }

    public Stage Decided { get; }

    public IReadOnlyList<Stage> Stages => [Captured, Received, Scored, Decided];

    /// <summary>How long after the event; null when either is not known.</summary>
    public TimeSpan? Since(DateTimeOffset? time) => time - EventAt;

    /// <summary>The whole in one sentence.</summary>
    public string Sentence(bool japanese)
    {
        if (Count == 0)
        {
            return japanese ? "この期間に記録された被災箇所はありません。被災がないことを示すものではありません。" : "No damaged place is recorded in this period. That does not say that there is none.";
        }

        string decided = Decided.Times.Count < Count
            ? japanese ? $"判定済みは {Decided.Times.Count} 件" : $"{Decided.Times.Count} are decided"
            : japanese ? $"全 {Count} 件を判定済み" : $"all {Count} are decided";
        if (EventAt is null || Captured.First is null)
        {
            return japanese ? $"被災箇所 {Count} 件。{decided}。発災時刻の指定がないため、経過時間は示しません。" : $"{Count} damaged places; {decided}. No time of the event was given, so none since it is told.";
        }

        string first = Text(Captured.First, japanese);
        string located = Scored.Last is { } last ? Text(last, japanese) : japanese ? "未了" : "not done";
        string judged = Decided.Last is { } end ? japanese ? $"（最後の判定まで {Text(end, true)}）" : $" (the last after {Text(end, false)})" : "";
        return japanese
            ? $"発災（{FormTime.Minute(EventAt, true)}）から、最初の被災箇所の撮影まで {first}、位置の特定は {Scored.Times.Count} / {Count} 件でその最後まで {located}。{decided}{judged}。"
            : $"From the event ({FormTime.Minute(EventAt, false)} JST): first damaged place photographed after {first}; {Scored.Times.Count} of {Count} located, the last after {located}; {decided}{judged}.";
    }

    private string Text(DateTimeOffset? time, bool japanese) => Since(time) is { } span ? FormTime.Since(span, japanese) : "";

    private static Stage Of(string ja, string en, IEnumerable<DateTimeOffset?> times) => new(ja, en, [.. times.OfType<DateTimeOffset>().Order()]);
}
