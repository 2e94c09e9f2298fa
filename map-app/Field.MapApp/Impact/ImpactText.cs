using System.Globalization;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>The answer in words. Where small counts are hidden it says no more than the first table's totals and the rounded tables show.</summary>
internal static class ImpactText
{
    /// <summary>The share of people aged 65 or more from which a mesh is named.</summary>
    public const double AgedShare = 0.4;

    /// <summary>Shares of fewer people are not told where counts are rounded: they would be of the rounding.</summary>
    public const int FewPeople = 50;

    /// <summary>想定最大規模で浸水3m以上: 15,028人、104町内会、うち65歳以上 4,211人、要支援者 312人.</summary>
    public static string Sentence(ImpactResult r, ImpactQuestion request, bool isJapanese)
    {
        if (r.Classes.Count <= 1)
        {
            return OwnOnly(r, isJapanese);
        }

        HazardClass from = r.Classes[request.LeastClass];
        ImpactCut first = r.Cuts[0];
        ResidentPoints points = r.Residents.Points;
        string head = isJapanese
            ? $"{(r.Title.Length > 0 ? r.Title + "で" : "")}{Reach(from, isJapanese)}: "
            : $"{(r.Title.Length > 0 ? r.Title + ", " : "")}{Reach(from, isJapanese)}: ";
        (long people, bool isAll) = Shown(r, first, request.LeastClass, "people", c => c.People);
        List<string> parts = [head + (isJapanese ? Number($"{people:#,0}人{(isAll ? "" : "以上")}") : Number($"{(isAll ? "" : "at least ")}{people:#,0} people"))];
        Add(r.AreasAffected, n => isJapanese ? Number($"{n:#,0}町内会") : Number($"{n:#,0} associations"));
        AddShown(points.Aged65, "age65", c => c.Aged65, n => isJapanese ? $"うち65歳以上 {n}人" : $"{n} of them aged 65 or more");
        AddShown(points.NeedsSupport, "needsSupport", c => c.NeedsSupport, n => isJapanese ? $"{(points.Aged65 is null ? "うち" : "")}要支援者 {n}人" : $"{n} needing support");
        AddShown(points.Households, "households", c => c.Households, n => isJapanese ? $"{n}世帯" : $"{n} households");
        return string.Join(isJapanese ? "、" : ", ", parts);

        void Add(long? count, Func<long, string> say)
        {
            if (count is { } n)
            {
                parts.Add(say(n));
            }
        }

        // The sum of the totals that the table shows: where one is hidden there are at least so many.
        void AddShown(int[]? known, string measure, Func<ImpactCount, long> count, Func<string, string> say)
        {
            if (known is not null && Shown(r, first, request.LeastClass, measure, count) is var (sum, all) && (all || sum > 0))
            {
                string number = Number($"{sum:#,0}");
                parts.Add(all ? say(number) : isJapanese ? $"{say(number)}以上" : say($"at least {number}"));
            }
        }
    }

    /// <summary>浸水0.5m以上, 浸水区域内, 土砂災害特別警戒区域以上.</summary>
    public static string Reach(HazardClass from, bool isJapanese) => isJapanese
        ? from.FromM is > 0 and { } m ? Number($"浸水{m}m以上") : from is { Number: 1, FromM: not null } ? "浸水区域内" : from.Number == 1 ? "区域内" : $"{from.Ja}以上"
        : from.FromM is > 0 and { } metres ? Number($"flooded {metres} m or deeper") : from is { Number: 1, FromM: not null } ? "in the flooded area" : from.Number == 1 ? "in the area" : $"in {from.En} or above";

    /// <summary>What else can be said in a sentence each.</summary>
    public static IEnumerable<string> More(ImpactResult r, ImpactQuestion request, bool isJapanese)
    {
        bool isOpen = request.MinCell <= 1;
        string about = isOpen ? "" : isJapanese ? "約" : "about ";
        if (r.Residents.IsSynthetic)
        {
            yield return isJapanese ? "合成データ（実在の住民ではありません）" : "Synthetic data: no real residents";
        }

        if (r.Residents.WithoutPlace > 0)
        {
            yield return isJapanese ? Number($"座標のない {r.Residents.WithoutPlace:#,0} 行は数えていません") : Number($"{r.Residents.WithoutPlace:#,0} rows without a place are not counted");
        }

        if (!isOpen)
        {
            yield return isJapanese
                ? Number($"{request.MinCell}人未満か{ImpactMasks.LeastHouseholds}世帯未満の数と、それが分かる数は X としています。約の付く表は {request.MinCell} 人単位です")
                : Number($"Counts under {request.MinCell} people or {ImpactMasks.LeastHouseholds} households, and those that would tell them, are X; tables that say about are in steps of {request.MinCell}");
        }

        if (r.Comparison is { } c && r.Cuts.FirstOrDefault(x => x.Key == "change") is { } change)
        {
            long Of(ScenarioComparison.Change which) => isOpen ? Pick(c, which).People : change.Table.Class((int)which).People;
            string deeper = !isOpen ? "" : isJapanese ? Number($"（うち深くなった {c.Deeper.People:#,0}人）") : Number($" ({c.Deeper.People:#,0} of them deeper)");
            yield return isJapanese
                ? Number($"旧図と比べて 新たに区域内 {about}{Of(ScenarioComparison.Change.Newly):#,0}人、どちらも区域内 {about}{Of(ScenarioComparison.Change.Both):#,0}人{deeper}、区域外になった {about}{Of(ScenarioComparison.Change.NoLonger):#,0}人")
                : Number($"Against the old map: {about}{Of(ScenarioComparison.Change.Newly):#,0} newly affected, {about}{Of(ScenarioComparison.Change.Both):#,0} in both{deeper}, {about}{Of(ScenarioComparison.Change.NoLonger):#,0} no longer");
        }

        if (r.Cuts.FirstOrDefault(x => x.Key == "near") is { } near)
        {
            (long covered, long not) = (near.Table.Class(1).People, near.Table.Class(0).People);
            yield return isJapanese
                ? Number($"{near.Ja}: 圏内 {about}{covered:#,0}人、圏外 {about}{not:#,0}人")
                : Number($"{near.En}: {about}{covered:#,0} covered, {about}{not:#,0} not covered");
        }

        if (r.Cuts.FirstOrDefault(x => x.Key == "mesh") is { } mesh && r.Residents.Points.Aged65 is not null)
        {
            int aged = Enumerable.Range(0, mesh.Table.Rows).Count(row => mesh.Table.From(row, 0) is var all && all.Aged65Share >= AgedShare && (isOpen || all.People >= FewPeople));
            yield return isJapanese
                ? Number($"65歳以上が{AgedShare:0%}以上のメッシュ: {mesh.Table.Rows:#,0} のうち {aged:#,0}")
                : Number($"Meshes with {AgedShare:0%} or more aged 65 and over: {aged:#,0} of {mesh.Table.Rows:#,0}");
        }
    }

    /// <summary>The sum of a table's totals from a class on, of those that are shown, and whether all are.</summary>
    public static (long Sum, bool IsAll) Shown(ImpactResult r, ImpactCut cut, int leastClass, string measure, Func<ImpactCount, long> count)
    {
        bool[,]? mask = r.Masks.Of(cut.Key, measure);
        (long sum, bool isAll) = (0, true);
        for (int c = leastClass; c < cut.Classes.Count; c++)
        {
            bool isHidden = mask is not null && mask[mask.GetLength(0) - 1, c];
            (sum, isAll) = (sum + (isHidden ? 0 : count(cut.Table.Class(c))), isAll && !isHidden);
        }

        return (sum, isAll);
    }

    /// <summary>Only own polygons were asked for, and no hazard.</summary>
    private static string OwnOnly(ImpactResult r, bool isJapanese)
    {
        ImpactCut own = r.Cuts.First(c => c.Key == "own");
        ImpactCount inside = Enumerable.Range(0, own.Table.Rows).Aggregate(default(ImpactCount), (sum, row) => sum + own.Table.From(row, 0));
        string about = own.IsRounded ? isJapanese ? "約" : "about " : "";
        List<string> parts = [isJapanese ? Number($"描いた範囲: {about}{inside.People:#,0}人") : Number($"In the drawn area: {about}{inside.People:#,0} people")];
        ResidentPoints points = r.Residents.Points;
        if (points.Aged65 is not null)
        {
            parts.Add(isJapanese ? Number($"うち65歳以上 {about}{inside.Aged65:#,0}人") : Number($"{about}{inside.Aged65:#,0} of them aged 65 or more"));
        }

        if (points.NeedsSupport is not null)
        {
            parts.Add(isJapanese ? Number($"要支援者 {about}{inside.NeedsSupport:#,0}人") : Number($"{about}{inside.NeedsSupport:#,0} needing support"));
        }

        if (points.Households is not null)
        {
            parts.Add(isJapanese ? Number($"{about}{inside.Households:#,0}世帯") : Number($"{about}{inside.Households:#,0} households"));
        }

        return string.Join(isJapanese ? "、" : ", ", parts);
    }

    private static ImpactCount Pick(ScenarioComparison c, ScenarioComparison.Change which) => which switch
    {
        ScenarioComparison.Change.Newly => c.Newly,
        ScenarioComparison.Change.Both => c.Both,
        _ => c.NoLonger,
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
