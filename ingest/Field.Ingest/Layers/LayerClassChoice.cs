using Field.Gdal;
using Field.Ingest.Import;

namespace Field.Ingest.Layers;

/// <summary>Which classes a layer has: its own table, a preset, or one made from the values of a field. Nothing is guessed from values.</summary>
internal static class LayerClassChoice
{
    /// <summary>Names of ranks that are not official: they are proposed, never taken.</summary>
    private static readonly string[] UsualRanks = ["Max_Rank", "rank", "depth_rank", "浸水ランク", "浸水深ランク"];

    /// <returns>Null when it has none, or with a fault.</returns>
    public static LayerClasses? Of(LayerImportOptions options, VectorLayer layer, List<ImportNote> faults, List<ImportNote> notes)
    {
        string[] fields = [.. layer.Fields.Select(f => f.Name)];
        if (options.ClassTable is { } json)
        {
            LayerClasses own = LayerClasses.Read(json);
            faults.AddRange(LayerClassRules.Check(own));
            return Checked(own with { Field = options.ClassField ?? own.Field, Constant = options.ClassValue ?? own.Constant, UnclassedCount = 0 }, "JSON", faults);
        }

        if (options.Preset is { } name)
        {
            if (LayerPresets.Find(name) is not { } preset)
            {
                return Fault(faults, LayerFault.NoPreset(name, string.Join(", ", LayerPresets.All.Select(p => p.Name))));
            }

            string? official = preset.OfficialFields.Select(o => fields.FirstOrDefault(f => f.Equals(o, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);
            string? field = options.ClassField ?? (options.ClassValue is null ? official : null);
            return Checked(new LayerClasses { Field = field, Constant = options.ClassValue, Preset = preset.Name, Classes = preset.Classes }, name, faults);
        }

        if (options.ClassField is null && options.ClassValue is { } value)
        {
            return LayerPalette.Generate("", [value]) with { Field = null, Constant = value };
        }

        if (LayerPresets.OfField(options.ClassField is { } asked ? [asked] : fields) is { } found)
        {
            notes.Add(new ImportNote(0, found.Field, $"項目 {found.Field} の凡例は「{found.Preset.Ja}」です", $"field {found.Field} has the classes of: {found.Preset.En}"));
            return new LayerClasses { Field = found.Field, Preset = found.Preset.Name, Classes = found.Preset.Classes };
        }

        if (options.ClassField is { } generated)
        {
            return fields.Contains(generated) ? Generated(options, generated, faults) : null;
        }

        if (fields.FirstOrDefault(f => UsualRanks.Contains(f, StringComparer.OrdinalIgnoreCase)) is { } rank)
        {
            notes.Add(new ImportNote(0, rank, $"凡例がないため灰色で表示します。項目 {rank} が洪水の浸水深ランクなら、凡例「洪水浸水深」と区分の項目 {rank} を選んで（--preset flood-depth --class-field {rank}）取り込み直してください", $"drawn grey, for it has no classes. When field {rank} is the rank of a flood's depth, import again with --preset flood-depth --class-field {rank}"));
        }

        return null;
    }

    private static LayerClasses? Checked(LayerClasses classes, string name, List<ImportNote> faults)
    {
        if (classes.Field is null && classes.Constant is null)
        {
            return Fault(faults, LayerFault.PresetNeedsField(name));
        }

        return classes.Field is null && classes.Of(classes.Constant) is null
            ? Fault(faults, LayerFault.NoSuchClass(classes.Constant!, string.Join(", ", classes.Classes.Select(c => c.Key))))
            : classes;
    }

    private static LayerClasses? Generated(LayerImportOptions options, string field, List<ImportNote> faults)
    {
        using ILayerRows rows = LayerRows.Open(options);
        int at = rows.Layer.Fields.ToList().FindIndex(f => f.Name == field);
        SortedSet<string> values = new(StringComparer.Ordinal);
        while (rows.Read() is { } row)
        {
            if (LayerLabels.Text(row.Values[at]) is { } value && !string.IsNullOrWhiteSpace(value) && values.Add(value) && values.Count > LayerClasses.MostClasses)
            {
                return Fault(faults, LayerFault.TooManyValues(field, LayerClasses.MostClasses));
            }
        }

        return values.Count == 0 ? null : LayerPalette.Generate(field, InOrder(values));
    }

    private static IEnumerable<string> InOrder(IReadOnlyCollection<string> values) =>
        values.All(v => double.TryParse(v, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? values.OrderBy(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))
            : values;

    private static LayerClasses? Fault(List<ImportNote> faults, LayerFault fault)
    {
        faults.Add(new ImportNote(0, null, fault));
        return null;
    }
}
