using System.Globalization;
using Field.Ingest.Import;
using Field.Store;

namespace Field.Ingest.Layers;

/// <summary>What may be said of a layer.</summary>
internal static class LayerRules
{
    private const int MostTitle = 100;
    private const int MostText = 500;

    // What an import or the clock sets, not a person.
    private static readonly string[] Given = ["importedAt", "importedBy", "previous", "notes", "edition"];

    private static readonly string[] Decided =
        ["title", "kind", "dataClass", "source", "sourceDate", "licence", "attribution", "withdrawnOn", "withdrawnReason", "classTable"];

    /// <summary>Everything wrong with an import's words, before its file is opened.</summary>
    public static List<ImportNote> Check(LayerImportOptions o)
    {
        List<LayerFault> faults = [.. Texts(o.Title, o.Source, o.Licence, o.Attribution, o.WithdrawnReason), .. Days(o.SourceDate, o.WithdrawnOn)];
        OneOf(faults, "--data-class", o.DataClass, LayerDataClass.All);
        OneOf(faults, "--kind", o.Kind, LayerKind.All);
        if (o.Id is { } id && !LayerIdentity.IsId(id))
        {
            faults.Add(LayerFault.BadId(id.Length > 40 ? id[..40] : id));
        }

        return [.. faults.Select(f => new ImportNote(0, null, f))];
    }

    /// <summary>Everything wrong with what is to be known of a layer.</summary>
    public static List<ImportNote> Check(Layer layer)
    {
        List<LayerFault> faults = [.. Texts(layer.Title, layer.Source, layer.Licence, layer.Attribution, layer.WithdrawnReason), .. Days(layer.SourceDate, layer.WithdrawnOn)];
        OneOf(faults, "--data-class", layer.DataClass, LayerDataClass.All);
        OneOf(faults, "--kind", layer.Kind, LayerKind.All);
        return [.. faults.Select(f => new ImportNote(0, null, f))];
    }

    /// <summary>Everything wrong with a class table that takes the place of another.</summary>
    public static List<ImportNote> CheckClasses(Layer old, Layer now)
    {
        if (now.Classes is not { } table)
        {
            return [];
        }

        List<ImportNote> faults = LayerClassRules.Check(table);
        if (LayerReclass.Signature(old.Classes) == LayerReclass.Signature(table))
        {
            return [.. faults.Where(f => f.Field == "ja")]; // a table of an older store may break the other rules, and still be renamed
        }

        if (table is { Field: null, Constant: null })
        {
            faults.Add(new ImportNote(0, "field", LayerFault.PresetNeedsField("JSON")));
        }

        if (table is { Field: null, Constant: { } all } && table.Of(all) is null)
        {
            faults.Add(new ImportNote(0, "constant", LayerFault.NoSuchClass(all, string.Join(", ", table.Classes.Select(c => c.Key)))));
        }

        return faults;
    }

    /// <summary>The columns that a person decides and in which two states differ; <c>features</c> when they show other features.</summary>
    public static IReadOnlyList<string> Changed(Layer a, Layer b)
    {
        (Feature old, Feature now) = (a.ToFeature(), b.ToFeature());
        return [.. Decided.Where(c => !Equals(old.Properties[c], now.Properties[c])), .. a.Edition == b.Edition ? Array.Empty<string>() : ["features"]];
    }

    /// <summary>What differs between two states, as the audit log says it; empty when nothing that a person decides does.</summary>
    public static string Difference(Layer a, Layer b)
    {
        (Feature old, Feature now) = (a.ToFeature(), b.ToFeature());
        return string.Join("; ", FieldTables.Layers.Columns.Where(c => !Given.Contains(c.Name) && !Equals(old.Properties[c.Name], now.Properties[c.Name]))
            .Select(c => $"{c.Name}: {old.Properties[c.Name] ?? "-"} -> {now.Properties[c.Name] ?? "-"}"));
    }

    private static IEnumerable<LayerFault> Texts(string? title, params string?[] others)
    {
        if (title is not null && (string.IsNullOrWhiteSpace(title) || title.Length > MostTitle))
        {
            yield return LayerFault.EmptyTitle;
        }

        foreach (string text in others.OfType<string>().Where(t => t.Length > MostText))
        {
            yield return LayerFault.TooLong($"'{text[..20]}…'", MostText);
        }
    }

    private static IEnumerable<LayerFault> Days(params string?[] days) => days.OfType<string>()
        .Where(d => !DateOnly.TryParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)).Select(d => LayerFault.Date(d.Length > 30 ? d[..30] : d));

    private static void OneOf(List<LayerFault> faults, string option, string? value, IReadOnlyList<string> all)
    {
        if (value is not null && !all.Contains(value))
        {
            faults.Add(LayerFault.OneOf(option, value.Length > 40 ? value[..40] : value, string.Join(", ", all)));
        }
    }
}
