using System.Text.Json;
using Field.Gdal;
using Field.Ingest.Import;
using Field.Store;

namespace Field.Ingest.Layers;

/// <summary>How often each value of a field is in a layer or file.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Empty">Rows without a value.</param>
/// <param name="Counts">By value, at most <see cref="Most"/> different ones.</param>
/// <param name="Uncounted">Rows of further values.</param>
public sealed record LayerValues(long Rows, long Empty, IReadOnlyDictionary<string, long> Counts, long Uncounted)
{
    /// <summary>Most different values that are counted apart.</summary>
    public const int Most = 200_000;

    /// <summary>Of rows that all have one value.</summary>
    public static LayerValues OfOne(string value, long rows) => new(rows, 0, new Dictionary<string, long>(StringComparer.Ordinal) { [value] = rows }, 0);

    /// <summary>Of a file that is to be imported.</summary>
    /// <exception cref="FieldException">It cannot be read, or has no such field.</exception>
    public static LayerValues OfFile(LayerImportOptions options, string field, CancellationToken cancellationToken)
    {
        try
        {
            using ILayerRows rows = LayerRows.Open(options);
            int at = rows.Layer.Fields.ToList().FindIndex(f => f.Name == field);
            if (at < 0)
            {
                throw new FieldException(LayerFault.NoField(field, string.Join(", ", rows.Layer.Fields.Select(f => f.Name).Take(40))).Both);
            }

            Counter counter = new();
            while (rows.Read() is { } row)
            {
                cancellationToken.ThrowIfCancellationRequested();
                counter.Add(LayerLabels.Text(row.Values[at]));
            }

            return counter.Done();
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }
    }

    /// <summary>Of the features of a layer, as the file had them.</summary>
    public static async Task<LayerValues> OfFeaturesAsync(IAsyncEnumerable<Feature> features, string field, CancellationToken cancellationToken)
    {
        Counter counter = new();
        await foreach (Feature feature in features.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (feature.Geometry is not null)
            {
                counter.Add(Of(feature, field));
            }
        }

        return counter.Done();
    }

    /// <summary>The value of a stored feature as the file had it.</summary>
    internal static string? Of(Feature feature, string field)
    {
        using JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}");
        return attributes.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.ToString() : null;
    }

    internal sealed class Counter
    {
        private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
        private long _rows;
        private long _empty;
        private long _uncounted;

        public void Add(string? value)
        {
            _rows++;
            if (string.IsNullOrWhiteSpace(value))
            {
                _empty++;
            }
            else if (_counts.TryGetValue(value, out long count))
            {
                _counts[value] = count + 1;
            }
            else if (_counts.Count < Most)
            {
                _counts[value] = 1;
            }
            else
            {
                _uncounted++;
            }
        }

        public LayerValues Done() => new(_rows, _empty, _counts, _uncounted);
    }
}

/// <summary>What a class table makes of the values of a layer or file.</summary>
/// <param name="Faults">Why it cannot be taken; the row is that of the class, from 1.</param>
/// <param name="Counts">Rows by key of the class.</param>
/// <param name="Unclassed">Values that no class has, the commonest first.</param>
/// <param name="Empty">Rows without a value.</param>
public sealed record LayerClassCheck(IReadOnlyList<ImportNote> Faults, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<(string Value, long Rows)> Unclassed, long Empty)
{
    /// <summary>Looks what the table makes of the values.</summary>
    public static LayerClassCheck Of(LayerClasses table, LayerValues values)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(values);
        Dictionary<string, long> counts = table.Classes.Select(c => c.Key).Distinct().ToDictionary(k => k, _ => 0L, StringComparer.Ordinal);
        List<(string Value, long Rows)> unclassed = [];
        foreach ((string value, long rows) in values.Counts)
        {
            if (table.Of(value) is { } known)
            {
                counts[known.Key] += rows;
            }
            else
            {
                unclassed.Add((value, rows));
            }
        }

        return new LayerClassCheck(LayerClassRules.Check(table), counts, [.. unclassed.OrderByDescending(u => u.Rows).ThenBy(u => u.Value, StringComparer.Ordinal)], values.Empty);
    }
}
