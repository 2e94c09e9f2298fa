using System.Globalization;
using Field.Geo.Linear;

namespace Field.Geo.Routes;

/// <summary>Says refusals in words: what, where, and what to change.</summary>
public static class RouteRefusalText
{
    /// <summary>One or two sentences in Japanese or English.</summary>
    public static string Of(RouteRefusal refusal, bool japanese)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return Where(refusal, japanese) + refusal.Code switch
        {
            RouteRefusalCodes.OutOfRange => Range(refusal, japanese),
            RouteRefusalCodes.Overlap => Overlap(refusal, japanese),
            _ when japanese => Japanese(refusal.Code, refusal.Subject, Number(refusal.Value), Number(refusal.Limit)),
            _ => English(refusal.Code, refusal.Subject, Number(refusal.Value), Number(refusal.Limit)),
        };
    }

    /// <summary><c>右岸 12.3k + 40 m～12.4k（250～310 m）: </c>, without marks the metres alone.</summary>
    private static string Where(RouteRefusal refusal, bool japanese)
    {
        if ((refusal.FromM, refusal.ToM) is not ({ } from, { } to))
        {
            return "";
        }

        var metres = string.Create(CultureInfo.InvariantCulture, $"{from:0}{(japanese ? "～" : "-")}{to:0} m");
        return refusal.Stretch is { } stretch ? $"{MarkText.Format(stretch, japanese)}{(japanese ? $"（{metres}）" : $" ({metres})")}: " : $"{metres}: ";
    }

    private static string Range(RouteRefusal refusal, bool japanese)
    {
        var unit = refusal.Subject[(refusal.Subject.LastIndexOf(' ') + 1)..];
        var name = Name(refusal.Subject, japanese);
        var (value, least, most) = (Number(refusal.Value), Number(refusal.Least), Number(refusal.Limit));
        return japanese ? $"{name} {value} {unit} は使えません。{least}～{most} {unit} にしてください。" : $"{name} {value} {unit} cannot be used: choose {least} to {most} {unit}.";
    }

    private static string Overlap(RouteRefusal refusal, bool japanese)
    {
        var (name, value, limit) = (Name(refusal.Subject, japanese), Number(refusal.Value * 100), Number(refusal.Limit * 100));
        return japanese ? $"{name} {value} % は使えません。0 % 以上 {limit} % 未満にしてください。" : $"{name} {value} % cannot be flown: choose 0 % to below {limit} %.";
    }

    /// <summary>What people call a number; its own name when there is no other.</summary>
    private static string Name(string subject, bool japanese)
    {
        var name = subject.LastIndexOf(' ') is > 0 and var at ? subject[..at] : subject;
        var known = name == RouteChecks.HomeGround ? new RouteNumber(name, "", "", null, "離着陸地点の標高", "Elevation of the home point") : RouteNumbers.Find(name);
        return known is null ? name : japanese ? known.Ja : known.En;
    }

    private static string Japanese(string code, string subject, string value, string limit) => code switch
    {
        RouteRefusalCodes.TooManyPhotos => $"写真が {value} 枚になり、一度に計画できる {limit} 枚を超えます。区間を分けるか、重複率を下げるか、高度を上げてください。",
        RouteRefusalCodes.TooDetailed => $"線や縦断の点が多すぎます（通過点 {value}、上限 {limit}）。点を間引くか、区間を分けてください。",
        RouteRefusalCodes.NotAPlace => $"経度・緯度として読めない座標があります（{subject}）。経度, 緯度の順か確かめてください。",
        RouteRefusalCodes.LineTooShort => $"線の長さが {value} m しかありません。{limit} m 以上の線にしてください。",
        RouteRefusalCodes.LineTooLong => $"線が長すぎます。{limit} m 以下に分けてください。",
        RouteRefusalCodes.LineCrosses => "線が自分自身と交差しています。交差しないように描くか、分けてください。",
        RouteRefusalCodes.GimbalTooFlat => $"ジンバル {value}° では写真の上端が地平線に近すぎます。{limit}° 以下に下げてください。",
        RouteRefusalCodes.Profile => "地盤高の表が距離の順でないか、数値でない行があります。距離の順に数値で書き直してください。",
        RouteRefusalCodes.TooHigh => $"地上高 {value} m は上限 {limit} m（航空法）を超えます。高度を下げるか、許可を得たうえで高度の上限を上げてください。",
        RouteRefusalCodes.TooFast => $"速度 {value} m/s ではカメラの撮影が間に合いません。{limit} m/s 以下にするか、縦重複率を下げるか、高度を上げてください。",
        RouteRefusalCodes.TooSteep => $"勾配 {value}° は上限 {limit}° を超えます。この区間を分けるか、最大勾配を見直してください。",
        RouteRefusalCodes.NoFly => $"飛行禁止区域「{subject}」に入ります。区間を除くか、オフセットを変えてください。",
        RouteRefusalCodes.NoFlyTransit => $"移動経路が飛行禁止区域に入ります（{subject}）。離着陸地点を変えてください。",
        RouteRefusalCodes.BeyondSight => $"どの離着陸地点からも {limit} m（目視範囲）を超えます（最大 {value} m）。離着陸地点を加えてください。",
        RouteRefusalCodes.Battery => $"経路 {subject} だけで {value} 分かかり、使えるバッテリー {limit} 分を超えます。離着陸地点を近づけるか増やすか、速度を上げてください。",
        RouteRefusalCodes.Outline => "橋の外形が正しい多角形でないか、橋軸が外形を通っていないか、曲がりがきつすぎます。外形と橋軸を確かめるか、橋を区間に分けてください。",
        RouteRefusalCodes.HomeTooNear => $"離着陸地点が構造物から {value} m で、離隔 {limit} m より近すぎます。離着陸地点を離してください。",
        RouteRefusalCodes.HomeNeeded => "橋では離着陸地点とその標高を入れてください。飛行高度はそこから数えます。",
        RouteRefusalCodes.Heights => "高さの順が正しくありません。上端 > 桁下 > 水面（地面）で、下端は上端より低く、水面より上にしてください。",
        RouteRefusalCodes.Clearance => $"桁下の空間が足りません（余裕 {value} m、必要 {limit} m）。水位の低い日に飛ぶか、離隔か桁下の余裕を見直すか、船や点検ロボットで点検してください。",
        _ => code,
    };

    private static string English(string code, string subject, string value, string limit) => code switch
    {
        RouteRefusalCodes.TooManyPhotos => $"{value} photos are more than one plan takes ({limit}): plan in parts, with less overlap, or higher.",
        RouteRefusalCodes.TooDetailed => $"the line or ground profile has too many points ({value} waypoints, at most {limit}): thin them out, or plan in parts.",
        RouteRefusalCodes.NotAPlace => $"a coordinate is no lon, lat ({subject}): is the order lon, lat?",
        RouteRefusalCodes.LineTooShort => $"the line is only {value} m long: draw at least {limit} m.",
        RouteRefusalCodes.LineTooLong => $"the line is too long: cut it into parts of at most {limit} m.",
        RouteRefusalCodes.LineCrosses => "the line crosses itself: draw it without the crossing, or cut it.",
        RouteRefusalCodes.GimbalTooFlat => $"with the gimbal at {value} deg the photo's upper edge is too near the horizon: choose {limit} deg or lower.",
        RouteRefusalCodes.Profile => "the ground profile is not in order of distance, or has a row that is no number: write numbers in order of distance.",
        RouteRefusalCodes.TooHigh => $"{value} m above ground is over the limit of {limit} m (Civil Aeronautics Act): fly lower, or with a permit raise the height limit.",
        RouteRefusalCodes.TooFast => $"the camera cannot follow {value} m/s: fly at most {limit} m/s, or with less front overlap, or higher.",
        RouteRefusalCodes.TooSteep => $"a slope of {value} deg is over the limit of {limit} deg: cut this part out, or check the steepest climb.",
        RouteRefusalCodes.NoFly => $"enters the no-fly area \"{subject}\": leave this part out, or change the offset.",
        RouteRefusalCodes.NoFlyTransit => $"the way between points enters a no-fly area ({subject}): choose another home point.",
        RouteRefusalCodes.BeyondSight => $"farther than {limit} m (line of sight) from every home point (up to {value} m): add a home point.",
        RouteRefusalCodes.Battery => $"track {subject} alone takes {value} min and a battery gives {limit} min: bring a home point nearer or add one, or fly faster.",
        RouteRefusalCodes.Outline => "the bridge's outline is no valid polygon, or the axis does not run through it, or bends too much: check both, or plan the bridge in parts.",
        RouteRefusalCodes.HomeTooNear => $"the home point is {value} m from the structure, nearer than the stand-off of {limit} m: move it away.",
        RouteRefusalCodes.HomeNeeded => "give a bridge's route a home point with its elevation: heights count from there.",
        RouteRefusalCodes.Heights => "the heights are not in order: top above underside above water (or ground), and the lower edge between top and water.",
        RouteRefusalCodes.Clearance => $"too little room below the deck ({value} m left, {limit} m needed): fly at low water, check stand-off and margin, or inspect it from a boat or with a crawler.",
        _ => code,
    };

    private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "?";
}
