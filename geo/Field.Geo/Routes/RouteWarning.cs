using System.Globalization;
using Field.Geo.Linear;

namespace Field.Geo.Routes;

/// <summary>Stable codes of what the operator must know about a route that can be flown.</summary>
public static class RouteWarningCodes
{
    /// <summary>Home points were proposed, not given.</summary>
    public const string HomesProposed = "homes-proposed";

    /// <summary>The aircraft reads no DJI route files.</summary>
    public const string NoWpml = "no-wpml";

    /// <summary>Nothing is flown under the deck.</summary>
    public const string NotUnderDeck = "not-under-deck";

    /// <summary>The ground was taken as level.</summary>
    public const string LevelGround = "level-ground";

    /// <summary>Photos leave gaps; the value counts them.</summary>
    public const string Gaps = "gaps";

    /// <summary>Parts of what is to be shown are not shown; the value is the share that is, percent.</summary>
    public const string PartlyShown = "partly-shown";

    /// <summary>It enters a no-fly area under a permit.</summary>
    public const string NoFlyPermit = "no-fly-permit";

    /// <summary>The height allowed is above what the law allows without a permit; the value is metres.</summary>
    public const string Permit = "permit";
}

/// <summary>One thing that the operator must know.</summary>
/// <param name="Code">One of <see cref="RouteWarningCodes"/>.</param>
/// <param name="Value">The number it is about, or null.</param>
public sealed record RouteWarning(string Code, double? Value = null)
{
    private const double LegalHeightM = 150;
    private const int MostPlaces = 3;

    /// <summary>Where, by distance marks; empty when it is about the whole, or the levee has none.</summary>
    public IReadOnlyList<LeveeStretch> Places { get; init; } = [];

    /// <summary>The no-fly area that it is about, or null.</summary>
    public NoFlyZone? Zone { get; init; }

    /// <summary>What the operator must know about a plan; nothing about one that is refused.</summary>
    public static IReadOnlyList<RouteWarning> Of(RoutePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Refusals.Count > 0 ? [] : [.. All(plan)];
    }

    /// <summary>A sentence or two in Japanese or English: what, and what to do.</summary>
    public string Text(bool japanese)
    {
        var value = Value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "?";
        var where = Where(japanese);
        var (ja, en) = Code switch
        {
            RouteWarningCodes.HomesProposed => ($"離着陸地点は提案です{where}。現地で立てるか確かめてください。", $"home points are proposals{where}: check that one can stand there."),
            RouteWarningCodes.NoWpml => (
                "この機体は DJI のルートファイル（KMZ）を読めません。.plan を使ってください。", "this aircraft reads no DJI route files (KMZ): take the .plan."),
            RouteWarningCodes.NotUnderDeck => (
                "桁の真下は飛びません（測位が途切れるため）。桁下は外側から見上げて写します。部材に隠れる所は別に点検してください。",
                "nothing is flown under the deck, where positioning fails: its underside is seen from outside. Inspect what members hide by other means."),
            RouteWarningCodes.LevelGround => (
                "地盤を水平とみなしています。離着陸地点との高低差や木・電線・鉄塔を現地で確かめてください。",
                "the ground is taken as level: check the difference to the home point, trees, wires and masts on site."),
            RouteWarningCodes.Gaps => ($"写らない所が {value} か所あります{where}。重複率を上げるか、幅を見直してください。", $"{value} places are not shown{where}: raise the overlap, or check the width."),
            RouteWarningCodes.PartlyShown => (
                $"対象の {value} % だけが写ります。残りは見えない向きか、水面に近すぎます。近くを別に撮影するか、離隔・ジンバル角を見直してください。",
                $"only {value} % of the target is shown: the rest faces away or is too near the water. Photograph it separately, or check stand-off and pitch."),
            RouteWarningCodes.Permit => (
                $"高度の上限を {value} m にしています。150 m を超えて飛ぶ前に航空法の許可を受けてください。", $"the height limit is {value} m: get a permit under the Civil Aeronautics Act before flying above 150 m."),
            RouteWarningCodes.NoFlyPermit => (
                $"飛行禁止区域「{Zone?.Name}」を、許可・承認番号 {Zone?.Permit?.Number}（{Zone?.Permit?.Holder}、{Zone?.Permit?.Until:yyyy-MM-dd} まで）により飛びます。飛ぶ人と日時が許可の条件に合うか確かめ、許可書を携帯してください。",
                $"it enters the no-fly area \"{Zone?.Name}\" under permit {Zone?.Permit?.Number} ({Zone?.Permit?.Holder}, until {Zone?.Permit?.Until:yyyy-MM-dd}): check that pilot and time meet its conditions, and carry it."),
            _ => (Code, Code),
        };
        return japanese ? ja : en;
    }

    /// <summary><c>（右岸 12.3k + 40 m、ほか2か所）</c>; empty without places.</summary>
    private string Where(bool japanese)
    {
        if (Places.Count == 0)
        {
            return "";
        }

        var named = string.Join(japanese ? "、" : ", ", Places.Take(MostPlaces).Select(p => MarkText.Format(p, japanese)));
        var more = Places.Count - MostPlaces;
        var rest = more <= 0 ? "" : japanese ? $"、ほか{more}か所" : $" and {more} more";
        return japanese ? $"（{named}{rest}）" : $" ({named}{rest})";
    }

    private static IEnumerable<RouteWarning> All(RoutePlan plan)
    {
        var levee = (plan.Request as LeveeRouteRequest)?.Levee;
        foreach (var zone in plan.Permitted)
        {
            yield return new RouteWarning(RouteWarningCodes.NoFlyPermit) { Zone = zone };
        }

        if (plan.FaceDistanceM is not null)
        {
            yield return new RouteWarning(RouteWarningCodes.NotUnderDeck);
        }

        if (plan.Request.Homes.Count == 0)
        {
            yield return new RouteWarning(RouteWarningCodes.HomesProposed) { Places = Named(levee, plan.Homes.Select(h => new[] { h.Position })) };
        }

        if (plan.Request is LeveeRouteRequest { Ground.Count: 0 })
        {
            yield return new RouteWarning(RouteWarningCodes.LevelGround);
        }

        if (plan.Gaps.Count > 0)
        {
            var corners = plan.Gaps.Select(g => g.Shell.Coordinates.Select(c => new LonLat(c.X, c.Y)));
            yield return new RouteWarning(RouteWarningCodes.Gaps, plan.Gaps.Count) { Places = Named(levee, corners) };
        }
        else if (plan.FaceDistanceM is not null && plan.CoverageShare < 0.999)
        {
            yield return new RouteWarning(RouteWarningCodes.PartlyShown, Math.Floor(plan.CoverageShare * 1000) / 10);
        }

        if (plan.Request.MaxHeightM > LegalHeightM)
        {
            yield return new RouteWarning(RouteWarningCodes.Permit, plan.Request.MaxHeightM);
        }

        if (plan.Request.Camera.Wpml is null)
        {
            yield return new RouteWarning(RouteWarningCodes.NoWpml);
        }
    }

    private static LeveeStretch[] Named(LeveeLine? levee, IEnumerable<IEnumerable<LonLat>> places) =>
        levee is null ? [] : [.. places.Select(levee.Stretch).OfType<LeveeStretch>()];
}
