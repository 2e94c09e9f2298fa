using Field.Geo;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>The tables of an answer; the first is by association, or of all.</summary>
internal static class ImpactCuts
{
    private static readonly HazardClass[] Changes =
        [new(0, "どちらも区域外", "in neither", null), new(1, "新たに区域内", "newly affected", null), new(2, "どちらも区域内", "in both", null), new(3, "区域外になった", "no longer", null)];

    private static readonly HazardClass[] Affected = [new(0, "区域外", "outside", null), new(1, "区域内", "affected", null)];

    /// <summary>An own polygon with fewer people than this many times the limit, or fewer households than twice it, tells nothing.</summary>
    private const int LeastOfLimit = 4;

    public static IEnumerable<ImpactCut> Of(ImpactQuestion question, ImpactInputs inputs, IReadOnlyList<HazardClass> classes) =>
        Cuts(question, inputs, classes).Select(c => c.LeastClass > 0 ? c with { LeastClass = question.LeastClass } : c).Select(c => Guarded(c, question.MinCell));

    /// <summary>
    /// Where small counts are to be hidden only the first table is exact: two exact tables of the same people (associations and meshes, old map and new) stand in
    /// equations with each other, and what one hides the other would tell. The others are rounded.
    /// </summary>
    private static ImpactCut Guarded(ImpactCut cut, int minCell) =>
        minCell <= 1 || cut.Key is "area" or "all" ? cut
            : cut with { Table = cut.Key == "own" ? cut.Table.Rounded(minCell).Only(row => IsLarge(cut.Table.From(row, 0), minCell)) : cut.Table.Rounded(minCell), IsRounded = true, IsAdditive = false };

    /// <summary>An own polygon may be drawn round one house: with few in it, it tells nothing, not even that somebody is there.</summary>
    private static bool IsLarge(ImpactCount all, int minCell) => all.People >= LeastOfLimit * minCell && (all.Households == 0 || all.Households >= 2 * minCell);

    private static IEnumerable<ImpactCut> Cuts(ImpactQuestion question, ImpactInputs inputs, IReadOnlyList<HazardClass> classes)
    {
        (ResidentPoints points, HazardAtPoints hazards) = (inputs.Residents.Points, inputs.Hazards);
        int[] areaOf = inputs.Districts?.AreaOf ?? Everyone(points);
        ImpactTable whole = ImpactTable.Count(points, areaOf, inputs.Districts?.Areas.Ids.Count ?? 1, hazards.Deepest, classes.Count);
        ImpactCut first = inputs.Districts is { Areas: var d }
            ? new ImpactCut("area", "町内会別", "by association", d.Ids, d.Names, classes, whole) { Areas = d }
            : new ImpactCut("all", "全域", "all", ["1"], ["全域 / all"], classes, whole);
        yield return first;
        if (question.MeshDigits is { } digits)
        {
            MeshRows meshes = MeshRows.Of(points, digits);
            string[] codes = [.. meshes.Meshes.Select(m => m.ToString())];
            yield return new ImpactCut("mesh", "メッシュ別", "by mesh", codes, codes, classes, ImpactTable.Count(points, meshes.RowOf, codes.Length, hazards.Deepest, classes.Count)) { Meshes = meshes.Meshes };
        }

        if (inputs.Own is { } own)
        {
            yield return new ImpactCut("own", "範囲別", "by own polygon", own.Ids, own.Names, classes, ImpactTable.CountAll(points, own.Polygons, own.Ids.Count, hazards.Deepest, classes.Count)) { Areas = own, IsAdditive = false };
        }

        if (inputs.Sources.Count > 1)
        {
            yield return BySource(points, inputs.Sources, hazards, classes);
        }

        if (inputs.Older is { } older)
        {
            byte[] changes = ScenarioComparison.ChangeOf(older.Deepest, hazards.Deepest, question.LeastClass);
            yield return WithClasses(first, "change", "新旧の比較", "old and new map", Changes, ImpactTable.Count(points, areaOf, first.Ids.Count, changes, Changes.Length));
        }

        if (inputs.Places is { } places)
        {
            byte[] covered = [.. Enumerable.Range(0, points.Count).Select(i => places.Nearest(new LonLat(points.Lon[i], points.Lat[i])) is null ? (byte)0 : (byte)1)];
            HazardClass[] near = [new(0, "圏外", "not covered", null), new(1, "圏内", "covered", null)];
            yield return WithClasses(first, "near", FormattableString.Invariant($"{places.DistanceM:0.#}m圏"), FormattableString.Invariant($"within {places.DistanceM:0.#} m"), near, ImpactTable.Count(points, areaOf, first.Ids.Count, covered, 2));
        }

        if (inputs.Shelters is { } shelters)
        {
            byte[] affected = [.. hazards.Deepest.Select(c => c >= question.LeastClass ? (byte)1 : (byte)0)];
            ImpactTable table = ImpactTable.Count(points, shelters.NearestOf, shelters.Ids.Count, affected, 2);
            yield return new ImpactCut("shelter", "避難先別", "by nearest shelter", shelters.Ids, shelters.Names, Affected, table) { LeastClass = 0 };
        }
    }

    private static int[] Everyone(ResidentPoints points) => new int[points.Count];

    private static ImpactCut WithClasses(ImpactCut rows, string key, string ja, string en, HazardClass[] classes, ImpactTable table) =>
        rows with { Key = key, Ja = ja, En = en, Classes = classes, Table = table, LeastClass = 0 };

    /// <summary>What each river does by itself: a person in the reach of two counts at both.</summary>
    private static ImpactCut BySource(ResidentPoints points, IReadOnlyList<string> names, HazardAtPoints hazards, IReadOnlyList<HazardClass> classes)
    {
        int[] oneRow = Everyone(points);
        ImpactTable table = ImpactTable.Stack([.. hazards.BySource.Select(c => ImpactTable.Count(points, oneRow, 1, c, classes.Count))]);
        return new ImpactCut("source", "河川別", "by river", names, names, classes, table) { IsAdditive = false };
    }
}
