using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>A count that must not be shown.</summary>
internal sealed class Hidden
{
    public static readonly Hidden Cell = new();

    public override string ToString() => "X";
}

/// <summary>A column.</summary>
/// <param name="Key">Stable name for programs.</param>
/// <param name="Ja">Heading in Japanese.</param>
/// <param name="En">Heading in English.</param>
internal sealed record ImpactColumn(string Key, string Ja, string En);

/// <summary>
/// A cut as rows of cells: texts, <see cref="long"/>, <see cref="double"/>, <see cref="Hidden"/> or null. Small counts are hidden here, in one
/// place, so that no format can forget it.
/// </summary>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Those with people; the last ones are people in no row and the total, where there are.</param>
internal sealed record ImpactSheet(IReadOnlyList<ImpactColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Rows that stand for a row of the cut, by its number; fewer than <see cref="Rows"/>.</summary>
    public required IReadOnlyList<int> Numbers { get; init; }

    /// <summary>Makes the rows.</summary>
    /// <param name="cut">What is counted.</param>
    /// <param name="points">Which measures are known.</param>
    /// <param name="masks">What is hidden.</param>
    /// <param name="isBrief">True for people by class and the measures of those affected only, as fits a screen and a page.</param>
    public static ImpactSheet Of(ImpactCut cut, ResidentPoints points, ImpactMasks masks, bool isBrief)
    {
        Measure[] measures = Measures(cut, points, masks);
        ImpactTable table = cut.Table;
        bool isOpen = masks.MinCell <= 1 || cut.IsRounded;
        List<ImpactColumn> columns = [new("id", "ID", "id"), new("name", "名称", "name")];
        List<Func<int, object?>> cells = [];
        foreach (Measure m in measures)
        {
            columns.Add(new(m.Key, m.Ja, m.En));
            cells.Add(row => m.Of(row, table.Classes));
            if (m.Key == "age65")
            {
                columns.Add(new("age65Share", "65歳以上の割合", "share aged 65+"));
                cells.Add(row => (measures[0].Of(row, table.Classes), m.Of(row, table.Classes)) is (long and > 0 and var all, long part) && (!cut.IsRounded || all >= ImpactText.FewPeople) ? Math.Round((double)part / all, 4) : null);
            }
        }

        if (isOpen && cut.LeastClass > 0) // with hidden cells this sum would be one more equation
        {
            foreach (Measure m in measures)
            {
                columns.Add(new($"affected{char.ToUpperInvariant(m.Key[0])}{m.Key[1..]}", $"区域内 {m.Ja}", $"affected {m.En}"));
                cells.Add(row => Enumerable.Range(cut.LeastClass, table.Classes - cut.LeastClass).Sum(c => m.Of(row, c) as long? ?? 0));
            }
        }

        foreach (HazardClass c in cut.Classes)
        {
            foreach (Measure m in isBrief ? measures[..1] : measures)
            {
                columns.Add(new($"class{c.Number}{char.ToUpperInvariant(m.Key[0])}{m.Key[1..]}", isBrief ? c.Ja : $"{c.Ja} {m.Ja}", isBrief ? c.En : $"{c.En} {m.En}"));
                cells.Add(row => m.Of(row, c.Number));
            }
        }

        int[] shown = [.. Enumerable.Range(0, table.Rows).Where(r => table.From(r, 0).People > 0)];
        List<object?[]> rows = [.. shown.Select(r => (object?[])[cut.Ids[r], cut.Names[r], .. cells.Select(c => c(r))])];
        if (table.From(table.Unassigned, 0).People > 0 && !cut.IsRounded) // what lies outside would tell what lies inside
        {
            rows.Add([null, "その他 / elsewhere", .. cells.Select(c => c(table.Unassigned))]);
        }

        if (cut.IsAdditive)
        {
            rows.Add([null, "合計 / total", .. cells.Select(c => c(table.Rows + 1))]);
        }

        return new ImpactSheet(columns, rows) { Numbers = shown };
    }

    private static Measure[] Measures(ImpactCut cut, ResidentPoints points, ImpactMasks masks)
    {
        Measure people = new("people", "人数", "people", Counts(cut.Table, c => c.People), masks.Of(cut.Key, "people"));
        List<Measure> all = [people];
        if (points.Aged65 is not null)
        {
            all.Add(new("age65", "65歳以上", "aged 65+", Counts(cut.Table, c => c.Aged65), masks.Of(cut.Key, "age65")));
        }

        if (points.NeedsSupport is not null)
        {
            all.Add(new("needsSupport", "要支援者", "need support", Counts(cut.Table, c => c.NeedsSupport), masks.Of(cut.Key, "needsSupport")));
        }

        if (points.Households is not null)
        {
            all.Add(new("households", "世帯", "households", Counts(cut.Table, c => c.Households), masks.Of(cut.Key, "households")));
        }

        return [.. all];
    }

    /// <summary>One measure by row, those in no row last, and class.</summary>
    public static long[,] Counts(ImpactTable table, Func<ImpactCount, long> measure)
    {
        long[,] counts = new long[table.Rows + 1, table.Classes];
        for (int row = 0; row <= table.Rows; row++)
        {
            for (int c = 0; c < table.Classes; c++)
            {
                counts[row, c] = measure(table[row, c]);
            }
        }

        return counts;
    }

    /// <summary>A cell; the numbers after the last row and column are the totals'.</summary>
    public static long Sum(long[,] counts, int row, int column)
    {
        (int rows, int columns) = (counts.GetLength(0), counts.GetLength(1));
        long sum = 0;
        for (int r = row == rows ? 0 : row; r < (row == rows ? rows : row + 1); r++)
        {
            for (int c = column == columns ? 0 : column; c < (column == columns ? columns : column + 1); c++)
            {
                sum += counts[r, c];
            }
        }

        return sum;
    }

    /// <summary>One measure of all cells with their totals, and which of them are hidden.</summary>
    private sealed record Measure(string Key, string Ja, string En, long[,] Cells, bool[,]? Mask)
    {
        public object Of(int row, int column) => Mask is not null && Mask[row, column] ? Hidden.Cell : Sum(Cells, row, column);
    }
}
