using System.Text.Json;
using System.Text.Json.Nodes;
using Field.Geo;
using Field.Store;

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
    private readonly Dictionary<string, List<JsonObject>> _features = new() { ["photos"] = [], ["findings"] = [], ["devices"] = [], ["events"] = [], ["alarms"] = [], ["assets"] = [], ["board"] = [] };
    private readonly Dictionary<string, JsonArray> _histories = [];
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

    /// <summary>A ledger: the bridge under the first photo with two elements, and a distance mark.</summary>
    public void AddAssets()
    {
        lock (_lock)
        {
            AddAsset("bridge:B-1", "bridge", "B-1", "青葉大橋", Ring([[Lon, Lat], [Lon + 0.0002, Lat], [Lon + 0.0002, Lat + 0.0001], [Lon, Lat + 0.0001]]), new() { ["attributes"] = new JsonObject { ["橋長"] = "35 m" } });
            AddAsset("element:B-1/Mg0101", "element", "B-1/Mg0101", "主桁", null, new() { ["parent"] = "B-1" });
            AddAsset("element:B-1/Mg0102", "element", "B-1/Mg0102", "主桁", null, new() { ["parent"] = "B-1" });
            AddAsset("mark:M-1", "mark", "M-1", null, new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(Lon, Lat) }, new() { ["river"] = "青葉川", ["bank"] = "left", ["km"] = 12.3 });
        }
    }

    /// <summary>Shows an asset as the store has it.</summary>
    public void Add(Feature asset)
    {
        using MemoryStream geometry = new();
        using (Utf8JsonWriter json = new(geometry))
        {
            GeoJson.Write(json, asset.Geometry);
        }

        JsonObject more = new(asset.Properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));
        lock (_lock)
        {
            more["assetId"] = asset.Id;
            _features["assets"].Add(Feature(asset.Id, JsonNode.Parse(geometry.ToArray())?.AsObject(), more));
        }
    }

    /// <summary>Changes properties of a finding; its Feature.</summary>
    public JsonObject Change(int number, JsonObject changed)
    {
        lock (_lock)
        {
            return Change(_features["findings"][number], changed).DeepClone().AsObject();
        }
    }

    /// <summary>A decision as the server takes it (SPEC.md section 14): the status code and the answer.</summary>
    public (int Status, JsonObject Answer) Decide(string findingId, JsonObject sent)
    {
        lock (_lock)
        {
            JsonObject? finding = _features["findings"].Find(f => (string?)f["id"] == findingId);
            if (finding is null)
            {
                return (404, new JsonObject { ["error"] = "no such finding" });
            }

            JsonObject now = finding["properties"]!.AsObject();
            if ((long)sent["revision"]! != (long)now["revision"]!)
            {
                return (409, new JsonObject { ["error"] = "changed meanwhile", ["finding"] = finding.DeepClone() });
            }

            return (200, Change(finding, Decided(findingId, now, sent)).DeepClone().AsObject());
        }
    }

    public JsonObject History(string findingId)
    {
        lock (_lock)
        {
            return new JsonObject { ["findingId"] = findingId, ["decisions"] = (_histories.GetValueOrDefault(findingId) ?? []).DeepClone() };
        }
    }

    private JsonObject Decided(string findingId, JsonObject now, JsonObject sent)
    {
        JsonArray history = _histories.TryGetValue(findingId, out JsonArray? known) ? known : _histories[findingId] = [];
        string action = (string)sent["action"]!;
        JsonObject after = action == "undo"
            ? history[^1]!["before"]!.DeepClone().AsObject()
            : new JsonObject { ["status"] = action switch { "confirm" => "confirmed", "correct" => "corrected", _ => "rejected" } };
        foreach (string name in new[] { "degree", "class", "elementId", "pixelRings" }.Where(n => sent[n] is not null))
        {
            after[name] = sent[name]!.DeepClone();
        }

        JsonObject before = [];
        foreach ((string name, _) in after)
        {
            before[name] = now[name]?.DeepClone();
        }

        history.Add(new JsonObject
        {
            ["n"] = history.Count + 1,
            ["action"] = action,
            ["who"] = (string?)sent["who"],
            ["at"] = "2026-11-20T06:00:00Z",
            ["note"] = (string?)sent["note"],
            ["before"] = before,
            ["after"] = after.DeepClone(),
        });
        after["decisionCount"] = history.Count;
        after["decidedBy"] = (string?)sent["who"];
        after["decidedAt"] = "2026-11-20T06:00:00Z";
        after["decisionNote"] = (string?)sent["note"];
        return after;
    }

    private JsonObject Change(JsonObject finding, JsonObject changed)
    {
        JsonObject properties = finding["properties"]!.AsObject();
        foreach ((string name, JsonNode? value) in changed)
        {
            properties[name] = value?.DeepClone();
        }

        properties["revision"] = ++_revision;
        return finding;
    }

    private void AddAsset(string assetId, string kind, string ledgerId, string? name, JsonObject? geometry, JsonObject more)
    {
        more["assetId"] = assetId;
        more["kind"] = kind;
        more["ledgerId"] = ledgerId;
        more["name"] = name;
        _features["assets"].Add(Feature(assetId, geometry, more));
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
            ["rankScale"] = "bridge",
            ["damageType"] = 6,
            ["degreeLeast"] = "c",
            ["degreeMost"] = number % 3 == 1 ? "c" : "e",
            ["degreeNumbers"] = new JsonObject { ["maxWidthMostMm"] = 9.9 },
            ["degreeReasons"] = new JsonArray("concrete-unknown", "not-in-the-dictionary"),
            ["urgency"] = 90 - number,
            ["decisionCount"] = 0,
            ["pixelRings"] = new JsonArray(new JsonArray([.. pixels.Select(p => (JsonNode)new JsonArray(p[0], p[1]))])),
        });
    }

    private static double[] Place(int photo, double[] pixel) =>
        [Lon + (((photo * WidthPx) + pixel[0]) * PixelDeg), Lat + ((HeightPx - pixel[1]) * PixelDeg)];

    private JsonObject Feature(string id, JsonObject? geometry, JsonObject properties)
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
