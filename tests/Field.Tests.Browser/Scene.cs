using System.Text.Json.Nodes;

namespace Field.Tests.Browser;

/// <summary>What the server knows: one photo per three findings beside each other, as SPEC.md section 8 has them.</summary>
internal sealed class Scene
{
    private const int WidthPx = 4000;
    private const int HeightPx = 3000;
    private const double Lon = 138.449257;
    private const double Lat = 34.750284;
    private const double PixelDeg = 4.5e-8;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<JsonObject>> _features = new() { ["photos"] = [], ["findings"] = [], ["devices"] = [], ["events"] = [] };
    private long _revision = 1;

    public Scene(int findings)
    {
        for (int i = 0; i < findings; i++)
        {
            AddFinding();
        }
    }

    public static string PhotoId(int photo) => Hex('b', photo, 64);

    public static string FindingId(int finding) => Hex('a', finding, 32);

    /// <summary>Adds a finding, and its photo when it is the first on it; the finding's Feature.</summary>
    public JsonObject AddFinding()
    {
        lock (_lock)
        {
            int number = _features["findings"].Count;
            if (number % 3 == 0)
            {
                _features["photos"].Add(Photo(number / 3));
            }

            JsonObject finding = Finding(number, status: "draft");
            _features["findings"].Add(finding);
            return finding.DeepClone().AsObject();
        }
    }

    /// <summary>The finding as another model's result has replaced it.</summary>
    public JsonObject Supersede(int number)
    {
        lock (_lock)
        {
            return (_features["findings"][number] = Finding(number, "superseded")).DeepClone().AsObject();
        }
    }

    public JsonObject? Collection(string kind, long since)
    {
        lock (_lock)
        {
            return _features.TryGetValue(kind, out List<JsonObject>? all)
                ? new JsonObject
                {
                    ["type"] = "FeatureCollection",
                    ["revision"] = _revision,
                    ["features"] = Copies(all.Where(f => (long)f["properties"]!["revision"]! > since)),
                }
                : null;
        }
    }

    public JsonObject? Detail(string photoId)
    {
        lock (_lock)
        {
            JsonObject? photo = _features["photos"].Find(f => (string?)f["id"] == photoId)?.DeepClone().AsObject();
            if (photo is not null)
            {
                photo["findings"] = Copies(_features["findings"].Where(f => (string?)f["properties"]!["photoId"] == photoId));
            }

            return photo;
        }
    }

    private static JsonArray Copies(IEnumerable<JsonObject> features) => [.. features.Select(f => (JsonNode)f.DeepClone())];

    private JsonObject Photo(int number)
    {
        double west = Lon + (number * WidthPx * PixelDeg);
        double east = west + (WidthPx * PixelDeg);
        double north = Lat + (HeightPx * PixelDeg);
        return Feature(PhotoId(number), Ring([[west, Lat], [east, Lat], [east, north], [west, north]]), new JsonObject
        {
            ["photoId"] = PhotoId(number),
            ["name"] = $"DJI_{number + 1:0000}.JPG",
            ["device"] = "drone-01",
            ["capturedAt"] = "2026-11-20T05:05:00Z",
            ["receivedAt"] = "2026-11-20T05:15:00Z",
            ["state"] = "scored",
            ["placement"] = "assumed",
            ["assumptions"] = new JsonArray("assumed-nadir", "not-in-the-dictionary"),
            ["cameraLon"] = (west + east) / 2,
            ["cameraLat"] = Lat,
            ["gsdM"] = 0.005,
            ["errorM"] = 4.8,
            ["widthPx"] = WidthPx,
            ["heightPx"] = HeightPx,
            ["sizeBytes"] = 8_000_000,
            ["findingCount"] = 3,
        });
    }

    private JsonObject Finding(int number, string status)
    {
        int photo = number / 3;
        double x = 600 + (number % 3 * 1200);
        double[][] pixels = [[x, 1000], [x + 400, 1300], [x + 400, 1312], [x, 1012]];
        double[] centre = Place(photo, [x + 200, 1156]);
        return Feature(FindingId(number), Ring([.. pixels.Reverse().Select(p => Place(photo, p))]), new JsonObject
        {
            ["findingId"] = FindingId(number),
            ["photoId"] = PhotoId(photo),
            ["class"] = "crack",
            ["score"] = 0.95 - (number * 0.1 % 0.9),
            ["status"] = status,
            ["lengthM"] = 2.5,
            ["meanWidthMm"] = number == 1 ? null : 6.5,
            ["maxWidthMm"] = number == 1 ? null : 9.25,
            ["resolvable"] = number != 1,
            ["gsdM"] = 0.005,
            ["errorM"] = 4.8,
            ["centreLon"] = centre[0],
            ["centreLat"] = centre[1],
            ["model"] = "crack-test",
            ["capturedAt"] = "2026-11-20T05:05:00Z",
            ["device"] = "drone-01",
            ["pixelRings"] = new JsonArray(new JsonArray([.. pixels.Select(p => (JsonNode)new JsonArray(p[0], p[1]))])),
        });
    }

    private static double[] Place(int photo, double[] pixel) =>
        [Lon + (((photo * WidthPx) + pixel[0]) * PixelDeg), Lat + ((HeightPx - pixel[1]) * PixelDeg)];

    private JsonObject Feature(string id, JsonObject geometry, JsonObject properties)
    {
        properties["revision"] = ++_revision;
        return new JsonObject { ["type"] = "Feature", ["id"] = id, ["geometry"] = geometry, ["properties"] = properties };
    }

    private static JsonObject Ring(double[][] corners) => new()
    {
        ["type"] = "Polygon",
        ["coordinates"] = new JsonArray(new JsonArray([.. corners.Append(corners[0]).Select(c => (JsonNode)new JsonArray(c[0], c[1]))])),
    };

    private static string Hex(char lead, int number, int length) => lead + number.ToString($"x{length - 1}", System.Globalization.CultureInfo.InvariantCulture);
}
