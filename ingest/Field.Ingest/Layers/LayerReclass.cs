using System.Security.Cryptography;
using System.Text;
using Field.Ingest.Import;
using Field.Store;

namespace Field.Ingest.Layers;

/// <summary>The features of a layer under another class table: a new edition, made of what the rows of the file said.</summary>
/// <param name="classes">The table; null for none.</param>
internal sealed class LayerReclass(LayerClasses? classes)
{
    private readonly LayerValues.Counter _values = new();

    /// <summary>What of a table decides about the features; the rest is how they look.</summary>
    public static string Signature(LayerClasses? table) => table is null ? "" : string.Join('\n', table.Field, table.Constant, string.Join('|', table.Classes.Select(SignatureOf)));

    /// <summary>What of a class decides about the features.</summary>
    public static string SignatureOf(LayerClass c) =>
        FormattableString.Invariant($"{c.Key}={c.Rank}:{string.Join(',', c.Values)}{(c.IsRange ? FormattableString.Invariant($"[{c.From}..{c.To})") : "")}");

    /// <summary>The name of the new edition; from the same edition by the same table it is the same.</summary>
    public string EditionOf(Layer layer) =>
        $"{layer.Id}@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{layer.Edition}\n{Signature(classes)}")))[..LayerIdentity.EditionHash]}";

    /// <summary>The same feature in the new edition.</summary>
    public Feature Of(Feature feature, string edition)
    {
        string? value = classes?.Field is { } field ? LayerValues.Of(feature, field) : classes?.Constant;
        LayerClass? known = classes?.Of(value);
        if (feature.Geometry is not null)
        {
            _values.Add(value);
        }

        return (feature with { Id = Editions.IdOf(edition, feature.Whole("n") ?? 0) })
            .With(("edition", edition), ("class", classes is null || string.IsNullOrWhiteSpace(value) ? null : known?.Key ?? value), ("rank", (long?)known?.Rank));
    }

    /// <summary>The layer as it is with the new features, when all were made.</summary>
    /// <param name="layer">As it is to be.</param>
    /// <param name="edition">Of the new features.</param>
    /// <param name="oldField">The field of the classes until now: what was noted of it holds no longer.</param>
    public Layer Of(Layer layer, string edition, string? oldField)
    {
        ImportNote[] others = [.. layer.Notes.Where(n => n.Row > 0 || n.Field is null || n.Field != oldField)];
        if (classes is null)
        {
            return layer with { Edition = edition, Classes = null, Notes = others };
        }

        LayerClassCheck check = LayerClassCheck.Of(classes, _values.Done());
        IEnumerable<ImportNote> unknown = check.Unclassed.Take(LayerClasses.MostClasses).Select(u => new ImportNote(0, classes.Field, LayerFault.UnknownClass(u.Value.Length > 50 ? u.Value[..50] : u.Value, u.Rows)));
        return layer with
        {
            Edition = edition,
            Classes = classes with { UnclassedCount = check.Empty + check.Unclassed.Sum(u => u.Rows) },
            Notes = [.. others, .. unknown, .. check.Empty > 0 ? [new ImportNote(0, classes.Field, LayerFault.NoClass(check.Empty))] : Array.Empty<ImportNote>()],
        };
    }
}
