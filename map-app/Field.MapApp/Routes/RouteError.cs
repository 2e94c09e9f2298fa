using System.Globalization;
using Field.Geo.Routes;

namespace Field.MapApp.Routes;

/// <summary>One thing that is wrong with what was asked for. All are declared here, so that a test sees that each is said in both languages.</summary>
internal sealed record RouteError
{
    private RouteError(string code, string ja, string en, string? member = null) => (Code, Ja, En, Member) = (code, ja, en, member);

    /// <summary>Not JSON by its media type: a form of a foreign page cannot send that type without being asked first.</summary>
    public static RouteError MediaType { get; } = new("media-type", "本文は application/json で送ってください", "the body must be application/json");

    public static RouteError NotJson { get; } = new("not-json", "本文が JSON ではありません。JSON にして送ってください", "the body is not JSON: send JSON");

    public static RouteError NotAnObject { get; } = new("not-an-object", "本文は JSON のオブジェクトで送ってください", "the body must be a JSON object");

    public static RouteError TooLarge { get; } = new("too-large", "本文が 1 MiB を超えます。飛行禁止区域を近くのものだけにしてください", "the body is above 1 MiB: give only no-fly areas nearby");

    public static RouteError Kind { get; } = new("kind", "kind は levee か bridge にしてください", "kind must be levee or bridge", "kind");

    public static RouteError DeckWidth { get; } = new("deck-width", "橋の幅は 0 m より広く 200 m までにしてください", "the deck must be wider than 0 m and at most 200 m wide", "deckWidthM");

    public static RouteError DeckWidthNeeded { get; } = new(
        "deck-width-needed", "橋の外形がありません。橋の幅（高欄・添架物を含む）を入れてください", "there is no outline: give the width of the bridge, with railings and pipes", "deckWidthM");

    public static RouteError Home { get; } = new("home", "離着陸地点は lon、lat、groundM を持つオブジェクトにしてください", "a home point must be an object of lon, lat and groundM", "homes");

    public static RouteError Ground { get; } = new("ground", "縦断は [距離 m, 標高 m] の並びにしてください", "ground must be a list of [distance m, elevation m]", "ground");

    public static RouteError Side { get; } = new("side", "side は right、left、river、land のどれかにしてください", "side must be right, left, river or land", "side");

    public static RouteError NoRiverSide { get; } = new(
        "no-river-side", "左右岸と距離標がないため、川側が分かりません。線の右側か左側を選んでください", "bank or distance marks are missing, so the river's side is not known: choose right or left of the line", "side");

    public static RouteError NoMarks { get; } = new(
        "no-marks", "この堤防には使える距離標がありません。距離標の範囲を空にしてください", "this levee has no usable distance marks: leave the range empty", "fromKm");

    public static RouteError NoRange { get; } = new(
        "km-range", "距離標の範囲に長さがありません。始点と終点を変えてください", "the range of distance marks has no length: change its ends", "toKm");

    public static RouteError NoBridgeShape { get; } = new(
        "asset-shape", "橋の位置が線でも面でもありません。橋の両端を地図で示し、幅を入れてください", "the ledger has neither outline nor axis of the bridge: mark both ends on the map, and give its width", "line");

    public static RouteError EmptyOutline { get; } = new(
        "asset-shape", "橋の外形に面積がありません。台帳の外形を確かめてください", "the bridge's outline has no area: check the ledger", "outline");

    public static RouteError Format { get; } = new("format", "format は kmz、plan、zip のどれかにしてください", "format must be kmz, plan or zip");

    public static RouteError NoWpml { get; } = new(
        RouteWarningCodes.NoWpml, "この機体は DJI のルートファイル（KMZ）を読めません。.plan を使ってください", "this aircraft reads no DJI route files (KMZ): take the .plan", "camera");

    public static RouteError Stale { get; } = new(
        "stale", "表示したあとに台帳か飛行禁止区域が変わり、経路が変わりました。もう一度表示して確かめてください", "the ledger or a no-fly area has changed since, and with it the route: look at it again");

    public static RouteError Busy { get; } = new("busy", "経路の計算が混み合っています。少し待ってからもう一度お試しください", "too many routes are being planned: try again in a moment");

    public string Code { get; }

    /// <summary>What, and what to do, in Japanese.</summary>
    public string Ja { get; }

    /// <summary>The same in English.</summary>
    public string En { get; }

    /// <summary>The member of the body that it is about, or null.</summary>
    public string? Member { get; }

    public static RouteError TooManyPoints(int points, int most) =>
        new("too-many-points", $"座標が {points} 点あります。{most} 点までに間引いてください", $"{points} positions are too many: thin them out to {most}");

    public static RouteError TooManyZones(int most) =>
        new("too-many-zones", $"飛行禁止区域は {most} 個までです。近くのものだけにしてください", $"at most {most} no-fly areas: give those nearby", "noFly");

    /// <param name="member">What else may be drawn.</param>
    public static RouteError AssetOrLine(string member) => new("asset-or-line", "assetId か line を指定してください", "give assetId or line", member);

    public static RouteError UnknownMember(string name) => new("unknown-member", $"{name} という項目はありません。消してください", $"there is no member {name}: leave it out", name);

    public static RouteError Missing(RouteNumber number) =>
        new("missing", $"「{number.Ja}」（{number.Unit}）を入れてください", $"give \"{number.En}\" ({number.Unit})", number.Member);

    public static RouteError NoSuchCamera(string name) =>
        new("no-such-camera", $"{name} というカメラはありません。一覧から選んでください", $"there is no camera {name}: choose one of the list", "camera");

    public static RouteError List(string member, int most) => new("list", $"{member} は {most} 個までの並びにしてください", $"{member} must be a list of at most {most}", member);

    public static RouteError NotANumber(string member) => new("not-a-number", $"{member} は数値にしてください", $"{member} must be a number", member);

    public static RouteError NotAText(string member, int most) =>
        new("not-a-text", $"{member} は {most} 文字までの文字列にしてください", $"{member} must be a text of at most {most} characters", member);

    public static RouteError NotAFlag(string member) => new("not-a-flag", $"{member} は true か false にしてください", $"{member} must be true or false", member);

    public static RouteError GeoJson(string member, RouteInputFault fault) => new("geojson", $"{member}: {fault.Ja}", $"{member}: {fault.En}", member);

    public static RouteError NoSuchFlight(int most) => new("no-such-flight", $"flight は 1～{most} にしてください", $"flight must be 1 to {most}");

    public static RouteError NoLeveeLine(string name) =>
        new("asset-shape", $"{name} の線が台帳にありません。線を描くか、台帳に線を取り込んでください", $"the ledger has no line of {name}: draw one, or import it", "line");

    /// <param name="member">Which end.</param>
    /// <param name="km">What was asked for.</param>
    /// <param name="low">The lowest mark there is.</param>
    /// <param name="high">The highest.</param>
    public static RouteError NotOnLevee(string member, double km, double low, double high) => new(
        "km-range",
        string.Create(CultureInfo.InvariantCulture, $"距離標 {km:0.###}k はこの堤防にありません。{low:0.###}k～{high:0.###}k にしてください"),
        string.Create(CultureInfo.InvariantCulture, $"distance mark {km:0.###}k is not on this levee: choose {low:0.###}k to {high:0.###}k"),
        member);

    public static RouteError NoAsset(string id) => new("no-asset", $"施設 {id} は台帳にありません。番号を確かめてください", $"there is no asset {id}: check its id", "assetId");

    public static RouteError OtherKind(string id, string? kind, string wanted) =>
        new("asset-kind", $"{id} は{AssetKindText.Ja(kind)}です。{AssetKindText.Ja(wanted)}を選んでください", $"{id} is a {kind}: choose a {wanted}", "assetId");

    /// <summary>A refusal of the planner, with the member of the body that it is about.</summary>
    public static RouteError Of(RouteRefusal refusal)
    {
        string name = refusal.Subject.Split(' ')[0];
        string? member = refusal.Code switch
        {
            RouteRefusalCodes.OutOfRange or RouteRefusalCodes.Overlap => RouteNumbers.Find(name)?.Member ?? "homes",
            RouteRefusalCodes.TooHigh => "heightM",
            RouteRefusalCodes.TooFast => "speedMps",
            RouteRefusalCodes.GimbalTooFlat => "pitchDeg",
            RouteRefusalCodes.BeyondSight or RouteRefusalCodes.HomeNeeded or RouteRefusalCodes.HomeTooNear or RouteRefusalCodes.NoFlyTransit => "homes",
            RouteRefusalCodes.NoFly => "noFly",
            RouteRefusalCodes.TooSteep or RouteRefusalCodes.Profile => "ground",
            RouteRefusalCodes.Clearance or RouteRefusalCodes.Heights => "undersideM",
            RouteRefusalCodes.Outline => "outline",
            _ => null,
        };
        return new RouteError(refusal.Code, RouteRefusalText.Of(refusal, japanese: true), RouteRefusalText.Of(refusal, japanese: false), member);
    }
}
