namespace Field.Geo.Routes;

/// <summary>A number that routes are planned with: what the command, the API and the map app call it, its unit and its default.</summary>
/// <param name="Name">The command's option without its dashes, and the subject of refusals.</param>
/// <param name="Member">Its member in the API's JSON.</param>
/// <param name="Unit">In which it is given.</param>
/// <param name="Default">Null: it must be given, or comes from elsewhere.</param>
/// <param name="Ja">What people call it in Japanese.</param>
/// <param name="En">What people call it in English.</param>
public sealed record RouteNumber(string Name, string Member, string Unit, double? Default, string Ja, string En)
{
    /// <summary>More about it in Japanese; empty when the name says it all.</summary>
    public string HintJa { get; init; } = "";

    /// <summary>More about it in English.</summary>
    public string HintEn { get; init; } = "";

    /// <summary>Whether there is no route without it.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>All numbers of routes.</summary>
public static class RouteNumbers
{
    /// <summary>Of every route.</summary>
    public static IReadOnlyList<RouteNumber> Shared { get; } =
    [
        new("front", "frontPercent", "%", 80, "縦重複率", "Front overlap"),
        new("side", "sidePercent", "%", 70, "横重複率", "Side overlap") { HintJa = "写真の狭い所で", HintEn = "where photos are narrowest" },
        new("speed", "speedMps", "m/s", 5, "撮影速度", "Speed on the tracks") { HintJa = "15 まで", HintEn = "up to 15" },
        new("transit-speed", "transitSpeedMps", "m/s", 8, "往復の速度", "Transit speed") { HintJa = "最初の点までと帰り、15 まで", HintEn = "to the first point and back, up to 15" },
        new("turn-radius", "turnRadiusM", "m", 0, "曲がる半径", "Turn radius") { HintJa = "0 は止まって向きを変える", HintEn = "of bends inside a track; 0: stop and turn" },
        new("sight", "sightM", "m", 500, "目視範囲", "Line of sight") { HintJa = "離着陸地点から", HintEn = "farthest distance from the home point" },
        new("battery", "batteryMin", "min", 30, "バッテリーの飛行時間", "Flight time of a battery") { HintJa = "満充電で", HintEn = "when full" },
        new("usable", "usablePercent", "%", 70, "計画に使う割合", "Share to plan with") { HintJa = "残りは風と帰りの余裕", HintEn = "of the battery; the rest is for wind and the way home" },
        new("max-height", "maxHeightM", "m", 150, "高度の上限", "Height limit") { HintJa = "航空法で 150、許可があればそれ以上", HintEn = "above ground; 150 by law, more with a permit" },
        new("sensor-width", "sensorWidthMm", "mm", null, "撮像素子の幅", "Sensor width") { HintJa = "空欄はカメラの値", HintEn = "instead of the camera's" },
        new("focal", "focalMm", "mm", null, "焦点距離", "Focal length") { HintJa = "35 mm 換算でない値、空欄はカメラの値", HintEn = "not the 35 mm equivalent; instead of the camera's" },
        new("image-width", "imageWidthPx", "px", null, "写真の幅", "Columns of a photo") { HintJa = "空欄はカメラの値", HintEn = "instead of the camera's" },
        new("image-height", "imageHeightPx", "px", null, "写真の高さ", "Rows of a photo") { HintJa = "空欄はカメラの値", HintEn = "instead of the camera's" },
        new("min-interval", "minIntervalS", "s", null, "最短撮影間隔", "Shortest time between photos") { HintJa = "空欄はカメラの値", HintEn = "instead of the camera's" },
    ];

    /// <summary>Of a levee's route.</summary>
    public static IReadOnlyList<RouteNumber> Levee { get; } =
    [
        new("height", "heightM", "m", 50, "対地高度", "Height above ground"),
        new("width", "widthM", "m", 40, "撮影する幅", "Width to be shown"),
        new("offset", "offsetM", "m", 0, "オフセット", "Offset") { HintJa = "線から撮影範囲の中心まで、右が正", HintEn = "from the line to the corridor's centre, right in the line's direction" },
        new("pitch", "pitchDeg", "deg", -90, "ジンバル角", "Gimbal pitch") { HintJa = "-90 は真下", HintEn = "-90 straight down" },
        new("max-climb", "maxClimbDeg", "deg", 15, "最大勾配", "Steepest climb") { HintJa = "経路の上りと下り", HintEn = "or descent on a track" },
    ];

    /// <summary>Of a bridge's route; all elevations in one datum.</summary>
    public static IReadOnlyList<RouteNumber> Bridge { get; } =
    [
        new("top", "topM", "m", null, "上端の標高", "Elevation of the top") { IsRequired = true, HintJa = "照明やケーブルを含む最も高い所", HintEn = "the highest part, with lamps and cables" },
        new("underside", "undersideM", "m", null, "桁下の標高", "Elevation of the underside") { IsRequired = true, HintJa = "桁の最も低い所", HintEn = "the lowest part of the deck" },
        new("water", "waterM", "m", null, "水面の標高", "Elevation of the water") { IsRequired = true, HintJa = "下にある水面か地面の最も高い所", HintEn = "or ground, the highest below" },
        new("bottom", "bottomM", "m", null, "下端の標高", "Elevation of the lower edge") { HintJa = "側面を写す下端、空欄は桁下まで。橋脚も写すときに", HintEn = "of what is shown from beside; lower for piers. None: the underside" },
        new("stand-off", "standOffM", "m", 8, "離隔", "Stand-off") { HintJa = "構造物までの距離", HintEn = "distance kept from the structure" },
        new("margin", "marginM", "m", 1, "外形の余裕", "Margin of the outline") { HintJa = "外形より外に出る部分", HintEn = "how far the structure may reach beyond it" },
        new("water-clearance", "waterClearanceM", "m", 3, "水面からの高さ", "Height above water") { HintJa = "これより低く飛ばない", HintEn = "kept at least" },
        new("pitch", "pitchDeg", "deg", 0, "ジンバル角", "Gimbal pitch") { HintJa = "側面、0 は水平", HintEn = "beside the deck; 0 level" },
        new("max-up", "maxUpDeg", "deg", 30, "ジンバルの上限", "Gimbal's upper limit") { HintJa = "見上げられる角度", HintEn = "how far up it can look" },
    ];

    /// <summary>The number of a name; null when there is none. A name that both kinds of routes have means the same in both.</summary>
    public static RouteNumber? Find(string name) => Shared.Concat(Levee).Concat(Bridge).FirstOrDefault(n => n.Name == name);
}
