using Field.Contracts;
using Field.Ingest.Decisions;
using Field.Store;

namespace Field.Ingest.Board;

/// <summary>A device at a moment.</summary>
/// <param name="Device">Its id.</param>
/// <param name="HeardAt">The time of its last measurement before that; null when nothing is kept within <see cref="BoardReplay.Reach"/>.</param>
/// <param name="State">Its place and battery then.</param>
/// <param name="Last">The last of each of its measurements.</param>
internal sealed record PastDevice(string Device, DateTimeOffset? HeardAt, TelemetryState State, IReadOnlyList<Measurement> Last);

/// <summary>What is only known by what was kept: where devices were and what they measured, and how the board's rows and the findings stood.</summary>
/// <param name="Devices">All that are known today.</param>
/// <param name="Board">Rows that were there.</param>
/// <param name="Findings">Findings that somebody decided on since, as they stood before that; all others are as they are today.</param>
internal sealed record PastState(IReadOnlyList<PastDevice> Devices, IReadOnlyList<Feature> Board, IReadOnlyList<Feature> Findings);

/// <summary>
/// The state of a moment from telemetry, the board's changes and the decisions. What it reads is bounded: of each device the last minute before the moment, where that is
/// empty a quarter of an hour, else six hours, and of these no more than <see cref="MaxRows"/> measurements.
/// </summary>
internal sealed class BoardReplay(FieldStores stores, string site)
{
    private const int MaxRows = 10_000;
    private const int PageSize = 1000;

    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), Reach];

    /// <summary>What a device said longer ago says nothing of where it was.</summary>
    public static TimeSpan Reach => TimeSpan.FromHours(6);

    public async Task<PastState> AtAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        List<PastDevice> devices = [];
        foreach (Feature device in await AllAsync(FieldTables.Devices, cancellationToken).ConfigureAwait(false))
        {
            devices.Add(await DeviceAsync(device.Id, at, cancellationToken).ConfigureAwait(false));
        }

        IEnumerable<Feature> rows = (await AllAsync(FieldTables.BoardChanges, cancellationToken).ConfigureAwait(false))
            .Where(c => c.Time("at") <= at)
            .GroupBy(c => c.Text("boardId"))
            .Select(g => g.MaxBy(c => c.Whole("n"))!)
            .Select(c => RowChanges.After(FieldTables.Board, c) with { Revision = c.Revision });
        return new PastState(devices, [.. rows.Where(r => r.Time("removedAt") is null)], await FindingsAsync(at, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Each decision keeps what it changed: taken back one after the other, the newest first, they give what was before all of them.</summary>
    private async Task<List<Feature>> FindingsAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        List<Feature> then = [];
        foreach (IGrouping<string?, Feature> since in (await AllAsync(FieldTables.Decisions, cancellationToken).ConfigureAwait(false)).Where(d => d.Time("at") > at).GroupBy(d => d.Text("findingId")))
        {
            if (await stores.Features.FindAsync(FieldTables.Findings, since.Key!, cancellationToken).ConfigureAwait(false) is { } now)
            {
                Feature[] newestFirst = [.. since.OrderByDescending(d => d.Whole("n"))];
                then.Add(newestFirst.Aggregate(now, DecisionRow.Undone).With(("decisionCount", newestFirst[^1].Whole("n") - 1)));
            }
        }

        return then;
    }

    private async Task<PastDevice> DeviceAsync(string device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (TimeSpan window in Windows)
        {
            TelemetryQuery query = new(site, device, Name: null, at - window, at.AddMilliseconds(1), MaxRows);
            IReadOnlyList<Measurement> said = await stores.Telemetry.ReadAsync(query, cancellationToken).ConfigureAwait(false);
            if (said.Count > 0)
            {
                Measurement[] last = [.. said.GroupBy(m => m.Name).Select(g => g.MaxBy(m => m.Time)!)];
                return new PastDevice(device, said.Max(m => m.Time), TelemetryState.Of([new SenMLPack(said, null)]), last);
            }
        }

        return new PastDevice(device, null, default, []);
    }

    private async Task<List<Feature>> AllAsync(FeatureTable table, CancellationToken cancellationToken)
    {
        List<Feature> all = [];
        FeatureQuery query = new() { Limit = PageSize };
        while (true)
        {
            FeaturePage page = await stores.Features.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Features);
            if (page.IsLast)
            {
                return all;
            }

            query = query with { SinceRevision = page.Features[^1].Revision };
        }
    }
}
