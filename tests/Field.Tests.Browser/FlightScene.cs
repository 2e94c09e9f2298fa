using System.Globalization;
using System.Text.Json.Nodes;

namespace Field.Tests.Browser;

/// <summary>A flight of the photos of a <see cref="Scene"/>, as SPEC.md section 14 has it: half of a bridge is missing, one photo is blurred unless all are sharp.</summary>
internal static class FlightScene
{
    private const string Id = "drone-1:20261120T050500000Z";
    private const double West = 138.449257;
    private const double South = 34.750284;

    public static JsonObject List(bool hasFlights) => new() { ["total"] = hasFlights ? 1 : 0, ["flights"] = hasFlights ? new JsonArray(Facts()) : [] };

    public static JsonObject Review(string target, bool isSharp)
    {
        JsonObject review = Facts();
        bool compared = target != "none";
        review["targetId"] = compared ? "bridge:B-1" : null;
        review["targets"] = JsonNode.Parse("""[{"assetId":"bridge:B-1","kind":"bridge","name":"青葉大橋","photos":2}]""");
        review["verdict"] = !compared && isSharp ? "photos-only" : "again";
        review["complete"] = false;
        review["waiting"] = 0;
        review["sentenceJa"] = compared ? "青葉大橋の50%を撮影。橋脚P0201の下流側が写っていません。ぶれた写真1枚。もう一度飛んでください。" : isSharp ? "ぶれや露出の失敗はありません。撮り残しは調べていません。" : "ぶれた写真1枚。もう一度飛んでください。";
        review["sentenceEn"] = compared ? "50% of 青葉大橋 is there. Not shown: downstream side of pier P0201. 1 blurred. Fly again." : isSharp ? "No photo is blurred, but whether something is missing was not checked." : "1 blurred. Fly again.";
        review["coverageShare"] = compared ? 0.5 : null;
        review["twiceShare"] = compared ? 0.25 : null;
        review["leastOverlap"] = compared ? 0.3 : null;
        review["gaps"] = compared ? JsonNode.Parse("""[{"nameJa":"橋脚P0201の下流側","nameEn":"downstream side of pier P0201","areaM2":101.2,"lengthM":9.2}]""") : new JsonArray();
        review["photos"] = new JsonArray(Photo(0, blurred: !isSharp), Photo(1, blurred: false));
        JsonArray features = isSharp ? [] : [Feature("photo", new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(West + 0.00005, South + 0.00005) }, Photo(0, blurred: true))];
        if (compared)
        {
            features.Add(Feature("target", Box(West, South, West + 0.0002, South + 0.0001), []));
            features.Add(Feature("gap", Box(West + 0.0001, South, West + 0.0002, South + 0.0001), new JsonObject { ["index"] = 0 }));
        }

        review["map"] = new JsonObject { ["type"] = "FeatureCollection", ["features"] = features };
        return review;
    }

    private static JsonObject Facts() => JsonNode.Parse(
        $$"""
        {"flightId":"{{Id}}","device":"drone-1","firstAt":"2026-11-20T05:05:00Z","lastAt":"2026-11-20T05:15:00Z","photoCount":4,
         "states":{"announced":1,"stored":1,"scored":2,"unreadable":0},"useless":{"blurred":1,"over-exposed":0,"under-exposed":0},"queueDepth":3}
        """)!.AsObject();

    private static JsonObject Photo(int number, bool blurred) => new()
    {
        ["name"] = string.Create(CultureInfo.InvariantCulture, $"FLD_{number:0000}.JPG"),
        ["photoId"] = Scene.PhotoId(number),
        ["waiting"] = false,
        ["quality"] = blurred ? new JsonArray("blurred") : [],
        ["placement"] = "measured",
    };

    private static JsonObject Feature(string kind, JsonObject geometry, JsonObject properties)
    {
        properties["kind"] = kind;
        return new JsonObject { ["type"] = "Feature", ["geometry"] = geometry, ["properties"] = properties };
    }

    private static JsonObject Box(double west, double south, double east, double north) => new()
    {
        ["type"] = "Polygon",
        ["coordinates"] = new JsonArray(new JsonArray(new JsonArray(west, south), new JsonArray(east, south), new JsonArray(east, north), new JsonArray(west, north), new JsonArray(west, south))),
    };
}
