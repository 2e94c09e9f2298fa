using System.Globalization;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>The answer in words.</summary>
internal static class ImpactText
{
    /// <summary>The share of people aged 65 or more from which a mesh is named.</summary>
    public const double AgedShare = 0.4;

    /// <summary>想定最大規模で浸水3m以上: 15,028人、104町内会、うち65歳以上 4,211人、要支援者 312人.</summary>
    public static string Sentence(ImpactResult r, ImpactRequest request, bool isJapanese)
    {
        HazardClass from = r.Classes[request.LeastClass];
        ResidentPoints points = r.Residents.Points;
        bool isOpen = request.MinCell <= 1;
        List<string> parts = [];
        if (isJapanese)
        {
            string depth = from.FromM is > 0 and { } m ? Number($"浸水{m}m以上") : from.Number == 1 ? "浸水区域内" : $"{from.Ja}以上";
            parts.Add(Number($"{(r.Title.Length > 0 ? r.Title + "で" : "")}{depth}: {Count(r.Affected.People, isOpen, request.MinCell):#,0}人"));
            Add(r.AreasAffected, n => Number($"{n:#,0}町内会"));
            Add(points.Aged65 is null ? null : r.Affected.Aged65, n => Number($"うち65歳以上 {n:#,0}人"));
            Add(points.NeedsSupport is null ? null : r.Affected.NeedsSupport, n => Number($"{(points.Aged65 is null ? "うち" : "")}要支援者 {n:#,0}人"));
            Add(points.Households is null ? null : r.Affected.Households, n => Number($"{n:#,0}世帯"));
            return string.Join('、', parts);
        }

        string reach = from.FromM is > 0 and { } metres ? Number($"flooded {metres} m or deeper") : from.Number == 1 ? "in the flooded area" : $"in {from.En} or above";
        parts.Add(Number($"{(r.Title.Length > 0 ? r.Title + ", " : "")}{reach}: {Count(r.Affected.People, isOpen, request.MinCell):#,0} people"));
        Add(r.AreasAffected, n => Number($"{n:#,0} associations"));
        Add(points.Aged65 is null ? null : r.Affected.Aged65, n => Number($"{n:#,0} of them aged 65 or more"));
        Add(points.NeedsSupport is null ? null : r.Affected.NeedsSupport, n => Number($"{n:#,0} needing support"));
        Add(points.Households is null ? null : r.Affected.Households, n => Number($"{n:#,0} households"));
        return string.Join(", ", parts);

        void Add(long? count, Func<long, string> say)
        {
            // Beside a table with hidden cells only the people are told: each more sum would be one more equation.
            if (count is { } n && isOpen)
            {
                parts.Add(say(n));
            }
        }
    }

    /// <summary>What else can be said in a sentence each.</summary>
    public static IEnumerable<string> More(ImpactResult r, ImpactRequest request, bool isJapanese)
    {
        if (r.Residents.IsSynthetic)
        {
            yield return isJapanese ? "合成データ（実在の住民ではありません）" : "Synthetic data: no real residents";
        }

        if (r.Residents.WithoutPlace > 0)
        {
            yield return isJapanese ? Number($"座標のない {r.Residents.WithoutPlace:#,0} 行は数えていません") : Number($"{r.Residents.WithoutPlace:#,0} rows without a place are not counted");
        }

        if (request.MinCell > 1)
        {
            yield return isJapanese ? Number($"{request.MinCell}人未満の数と、それが分かる数は X としています") : Number($"Counts under {request.MinCell}, and those that would tell them, are X");
            yield break;
        }

        if (r.Comparison is { } c)
        {
            yield return isJapanese
                ? Number($"旧図と比べて 新たに区域内 {c.Newly.People:#,0}人、どちらも区域内 {c.Both.People:#,0}人（うち深くなった {c.Deeper.People:#,0}人）、区域外になった {c.NoLonger.People:#,0}人")
                : Number($"Against the old map: {c.Newly.People:#,0} newly affected, {c.Both.People:#,0} in both ({c.Deeper.People:#,0} of them deeper), {c.NoLonger.People:#,0} no longer");
        }

        if (r.Cuts.FirstOrDefault(x => x.Key == "near") is { } near)
        {
            yield return isJapanese
                ? Number($"{near.Ja}: 圏内 {near.Table.Class(1).People:#,0}人、圏外 {near.Table.Class(0).People:#,0}人")
                : Number($"{near.En}: {near.Table.Class(1).People:#,0} covered, {near.Table.Class(0).People:#,0} not covered");
        }

        if (r.Cuts.FirstOrDefault(x => x.Key == "mesh") is { } mesh && r.Residents.Points.Aged65 is not null)
        {
            int aged = Enumerable.Range(0, mesh.Table.Rows).Count(row => mesh.Table.From(row, 0).Aged65Share >= AgedShare);
            yield return isJapanese
                ? Number($"65歳以上が{AgedShare:0%}以上のメッシュ: {mesh.Table.Rows:#,0} のうち {aged:#,0}")
                : Number($"Meshes with {AgedShare:0%} or more aged 65 and over: {aged:#,0} of {mesh.Table.Rows:#,0}");
        }
    }

    /// <summary>Rounded down to a multiple of the limit beside a table with hidden cells.</summary>
    private static long Count(long people, bool isOpen, int minCell) => isOpen ? people : people / minCell * minCell;

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
