using System.Globalization;
using Field.Ingest.Import;

namespace Field.Ingest.Layers;

/// <summary>What may stand in a class table that a person wrote; the row of a note is that of the class, from 1.</summary>
internal static class LayerClassRules
{
    private const int MostValues = 200;

    public static List<ImportNote> Check(LayerClasses table) => [.. table.Classes.SelectMany(One), .. Twice(table), .. Ranges(table)];

    private static IEnumerable<ImportNote> One(LayerClass c, int at)
    {
        if (string.IsNullOrWhiteSpace(c.Ja))
        {
            yield return new ImportNote(at + 1, "ja", LayerFault.ClassName);
        }

        if (!c.IsRange && c.Values.All(string.IsNullOrWhiteSpace))
        {
            yield return new ImportNote(at + 1, "values", LayerFault.ClassWithoutValue);
        }

        if (c.Values.Count > MostValues)
        {
            yield return new ImportNote(at + 1, "values", LayerFault.TooManyClassValues(MostValues));
        }

        if (c.From >= c.To || (c.IsRange && (!double.IsFinite(c.From ?? 0) || !double.IsFinite(c.To ?? 0))))
        {
            yield return new ImportNote(at + 1, "from", LayerFault.RangeBackwards);
        }
    }

    private static IEnumerable<ImportNote> Twice(LayerClasses table)
    {
        (HashSet<string> keys, Dictionary<string, int> seen) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        foreach ((LayerClass c, int at) in table.Classes.Select((c, at) => (c, at)))
        {
            if (!keys.Add(c.Key))
            {
                yield return new ImportNote(at + 1, "key", LayerFault.ClassTwice(c.Key));
            }

            foreach (string value in c.Values.DistinctBy(LayerClasses.Normal).Where(v => !string.IsNullOrWhiteSpace(v)))
            {
                if (!seen.TryAdd(LayerClasses.Normal(value), at + 1))
                {
                    yield return new ImportNote(at + 1, "values", LayerFault.ValueTwice(value, seen[LayerClasses.Normal(value)]));
                }
            }
        }
    }

    /// <summary>From the lowest to the highest each range begins where the one before ends.</summary>
    private static IEnumerable<ImportNote> Ranges(LayerClasses table)
    {
        (LayerClass Class, int At)[] ranges =
            [.. table.Classes.Select((c, at) => (c, at + 1)).Where(r => r.c.IsRange && !(r.c.From >= r.c.To)).OrderBy(r => r.c.From ?? double.NegativeInfinity)];
        foreach (((LayerClass below, int belowAt), (LayerClass above, int at)) in ranges.Zip(ranges.Skip(1)))
        {
            if (below.To is not { } end || above.From is not { } begin || begin < end)
            {
                yield return new ImportNote(at, "from", LayerFault.RangesOverlap(belowAt));
            }
            else if (begin > end)
            {
                yield return new ImportNote(at, "from", LayerFault.RangesGap(end.ToString("R", CultureInfo.InvariantCulture), begin.ToString("R", CultureInfo.InvariantCulture)));
            }
        }
    }
}
