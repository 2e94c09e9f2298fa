using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Alarms;

/// <summary>Brings the engine to where the stores are, after a start.</summary>
internal sealed class AlarmCatchUp(AlarmEngine engine, FieldStores stores, string site)
{
    private const int PageRows = 50_000;

    /// <summary>The registry may be that much older than the last stored message, and more than a crash can take.</summary>
    private static readonly TimeSpan LeastWindow = TimeSpan.FromMinutes(15);

    /// <summary>Restores what was raised; returns raised alarms whose rule is no more.</summary>
    public async Task<IReadOnlyList<Feature>> RestoreAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string Rule, string Device), Feature> newest = [];
        await foreach (Feature alarm in AllAsync(FieldTables.Alarms, 0, cancellationToken).ConfigureAwait(false))
        {
            (string, string) key = (alarm.Text("rule")!, alarm.Text("device")!);
            if (!newest.TryGetValue(key, out Feature? other) || other.Time("raisedAt") <= alarm.Time("raisedAt"))
            {
                newest[key] = alarm;
            }
        }

        List<Feature> orphans = [];
        foreach (((string rule, string device), Feature alarm) in newest)
        {
            bool isOpen = alarm.Text("state") == AlarmRow.StateRaised;
            if (engine.Watches(device).FirstOrDefault(w => w.Rule.Id == rule) is { } watch)
            {
                watch.Restore(isOpen ? alarm.Id : null, alarm.Time("clearedAt") ?? alarm.Time("raisedAt")!.Value);
            }
            else if (isOpen)
            {
                orphans.Add(alarm);
            }
        }

        return orphans;
    }

    /// <summary>Evaluates the last data of each device again.</summary>
    public async Task EvaluateAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset lastSeen = DateTimeOffset.MinValue;
        await foreach (Feature device in AllAsync(FieldTables.Devices, 0, cancellationToken).ConfigureAwait(false))
        {
            engine.Know(device.Id);
            engine.Observe(device);
            if (device.Time("lastSeenAt") is { } seen)
            {
                lastSeen = seen > lastSeen ? seen : lastSeen;
                await TelemetryAsync(device.Id, seen, cancellationToken).ConfigureAwait(false);
            }
        }

        if (engine.Rules.Any(r => r is EventRule) && lastSeen > DateTimeOffset.MinValue)
        {
            await EventsAsync(lastSeen - LeastWindow, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TelemetryAsync(string device, DateTimeOffset seen, CancellationToken cancellationToken)
    {
        ThresholdRule[] rules = [.. engine.Watches(device).Select(w => w.Rule).OfType<ThresholdRule>().Where(r => r.Measurement is not null)];
        if (rules.Length == 0)
        {
            return;
        }

        TimeSpan window = 2 * rules.Max(r => r.For);
        DateTimeOffset from = seen - (window > LeastWindow ? window : LeastWindow);
        while (true)
        {
            TelemetryQuery query = new(site, device, Name: null, from, DateTimeOffset.MaxValue, PageRows);
            IReadOnlyList<Measurement> page = await stores.Telemetry.ReadAsync(query, cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
            {
                engine.Evaluate(device, page);
                from = page[^1].Time.AddMicroseconds(1);
            }

            if (page.Count < PageRows)
            {
                return;
            }
        }
    }

    private async Task EventsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        const long MostEvents = 20_000;
        FeaturePage head = await stores.Features.QueryAsync(FieldTables.Events, new FeatureQuery { Limit = 1 }, cancellationToken).ConfigureAwait(false);
        await foreach (Feature happened in AllAsync(FieldTables.Events, Math.Max(0, head.Revision - MostEvents), cancellationToken).ConfigureAwait(false))
        {
            if (happened.Time("receivedAt") >= since)
            {
                engine.Evaluate(happened.Text("device")!, happened.Text("kind")!, happened.Time("time")!.Value);
            }
        }
    }

    private async IAsyncEnumerable<Feature> AllAsync(
        FeatureTable table, long sinceRevision, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { SinceRevision = sinceRevision };
        FeaturePage page;
        do
        {
            page = await stores.Features.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature feature in page.Features)
            {
                yield return feature;
            }

            query = query with { SinceRevision = page.Features.Count > 0 ? page.Features[^1].Revision : query.SinceRevision };
        }
        while (!page.IsLast);
    }
}
