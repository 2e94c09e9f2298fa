using System.Text.Json;
using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Routes;

/// <summary>Reads the API's JSON. Everything that is wrong with it is said at once.</summary>
internal sealed class RouteBody
{
    private const int MostPoints = 20_000;
    private const int MostZones = 500;
    private const int MostHomes = 50;
    private const int MostText = 300;

    private static readonly HashSet<string> Others = ["kind", "assetId", "line", "outline", "deckWidthM", "ground", "side", "fromKm", "toKm", "beside", "under", "camera", "homes", "noFly"];

    private readonly List<RouteError> _errors = [];
    private readonly JsonElement _body;
    private int _points;

    private RouteBody(JsonElement body) => _body = body;

    /// <exception cref="RouteAskException">400: it is not what SPEC.md says.</exception>
    public static RouteAsk Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new RouteAskException(StatusCodes.Status400BadRequest, new RouteError("not-an-object", "本文は JSON のオブジェクトで送ってください", "the body must be a JSON object"));
        }

        RouteBody reader = new(body);
        RouteAsk ask = reader.Read();
        return reader._errors.Count == 0 ? ask : throw new RouteAskException(StatusCodes.Status400BadRequest, reader._errors);
    }

    private RouteAsk Read()
    {
        string? kind = Text("kind");
        if (kind is not ("levee" or "bridge"))
        {
            Add("kind", "kind は levee か bridge です", "kind must be levee or bridge", "kind");
        }

        bool isBridge = kind == "bridge";
        IReadOnlyList<RouteNumber> table = isBridge ? RouteNumbers.Bridge : RouteNumbers.Levee;
        RouteAsk ask = new(isBridge, new RouteValues(Numbers([.. table, .. RouteNumbers.Shared])) { Camera = Camera(), Homes = Homes(), NoFly = Zones() })
        {
            AssetId = Text("assetId"),
            Line = Shape("line", features => RouteInput.Line("line", features)),
            Outline = Shape("outline", features => RouteInput.Area("outline", features)),
            DeckWidthM = Number("deckWidthM"),
            Ground = Ground(),
            Side = Side(),
            Km = (Number("fromKm"), Number("toKm")),
            Beside = Flag("beside"),
            Under = Flag("under"),
        };
        if (_points > MostPoints)
        {
            Add("too-many-points", $"座標が {_points} 点あります。{MostPoints} 点までに間引いてください", $"{_points} positions are too many: thin them out to {MostPoints}");
        }

        if (ask is { AssetId: null, Line: null, Outline: null } && _errors.Count == 0)
        {
            Add("asset-or-line", "assetId か line が要ります", "assetId or line is needed", isBridge ? "outline" : "line");
        }

        if (isBridge && _errors.Count > 0 && !ask.Values.Homes.Any(h => h.GroundM is not null))
        {
            RouteRefusal home = new(RouteRefusalCodes.HomeNeeded); // said with the rest, so that nobody enters the rest first
            Add(home.Code, RouteRefusalText.Of(home, japanese: true), RouteRefusalText.Of(home, japanese: false), "homes");
        }

        if (ask.DeckWidthM is { } width && !(width is > 0 and <= 200))
        {
            Add("deck-width", "橋の幅は 0 m より広く 200 m までです", "the deck is wider than 0 m and at most 200 m wide", "deckWidthM");
        }

        return ask;
    }

    private Dictionary<string, double> Numbers(IReadOnlyList<RouteNumber> table)
    {
        HashSet<string> known = [.. table.Select(n => n.Member), .. Others];
        foreach (JsonProperty member in _body.EnumerateObject().Where(m => !known.Contains(m.Name)))
        {
            string name = Clip(member.Name);
            Add("unknown-member", $"{name} という項目はありません", $"there is no member {name}", name);
        }

        Dictionary<string, double> numbers = [];
        foreach (RouteNumber number in table)
        {
            if (Number(number.Member) is { } value)
            {
                numbers[number.Name] = value;
            }
            else if (number.IsRequired && !Has(number.Member))
            {
                Add("missing", $"「{number.Ja}」（{number.Unit}）を入れてください", $"give \"{number.En}\" ({number.Unit})", number.Member);
            }
        }

        return numbers;
    }

    private RouteCamera Camera()
    {
        string name = Text("camera") ?? RouteCamera.Presets[0].Name;
        if (RouteCamera.Find(name) is { } camera)
        {
            return camera;
        }

        Add("no-such-camera", $"{Clip(name)} というカメラはありません", $"there is no camera {Clip(name)}", "camera");
        return RouteCamera.Presets[0];
    }

    private List<RouteHome> Homes()
    {
        List<RouteHome> homes = [];
        foreach (JsonElement home in Items("homes", MostHomes))
        {
            if (home.ValueKind == JsonValueKind.Object && Number(home, "lon") is { } lon && Number(home, "lat") is { } lat)
            {
                homes.Add(new RouteHome(new LonLat(lon, lat), Number(home, "groundM")));
            }
            else
            {
                Add("home", "離着陸地点は {lon, lat, groundM} です", "a home point is {lon, lat, groundM}", "homes");
            }
        }

        return homes;
    }

    private IReadOnlyList<NoFlyZone> Zones()
    {
        IReadOnlyList<NoFlyZone> zones = Shape("noFly", features => (IReadOnlyList<NoFlyZone>)[.. RouteInput.Zones("noFly", "noFly", features)]) ?? [];
        if (zones.Count > MostZones)
        {
            Add("too-many-zones", $"飛行禁止区域は {MostZones} 個までです。近くのものだけにしてください", $"at most {MostZones} no-fly areas: give those nearby", "noFly");
        }

        return [.. zones.Select(z => z with { Name = Clip(z.Name) })];
    }

    private List<GroundSample> Ground()
    {
        List<GroundSample> samples = [];
        foreach (JsonElement sample in Items("ground", MostPoints))
        {
            if (sample.ValueKind == JsonValueKind.Array && sample.GetArrayLength() == 2 && Number(sample[0]) is { } distance && Number(sample[1]) is { } ground)
            {
                samples.Add(new GroundSample(distance, ground));
            }
            else
            {
                Add("ground", "縦断は [距離 m, 標高 m] の並びです", "ground is a list of [distance m, elevation m]", "ground");
                return samples;
            }
        }

        return samples;
    }

    private RouteSide Side()
    {
        switch (Text("side"))
        {
            case null or "right": return RouteSide.Right;
            case "left": return RouteSide.Left;
            case "river": return RouteSide.River;
            case "land": return RouteSide.Land;
            default:
                Add("side", "side は right、left、river、land のどれかです", "side is right, left, river or land", "side");
                return RouteSide.Right;
        }
    }

    private T? Shape<T>(string member, Func<IReadOnlyList<(Geometry Geometry, JsonElement Properties)>, T> read)
        where T : class
    {
        if (!Has(member))
        {
            return null;
        }

        try
        {
            var features = RouteInput.Read(member, _body.GetProperty(member));
            _points += features.Sum(f => f.Geometry.NumPoints);
            return _points <= MostPoints ? read(features) : null; // whether shapes are valid is not looked at for what is refused anyway
        }
        catch (RouteInputException e)
        {
            Add("geojson", $"{member}: {e.Ja}", $"{member}: {e.En}", member);
            return null;
        }
    }

    private List<JsonElement> Items(string member, int most)
    {
        if (!Has(member))
        {
            return [];
        }

        JsonElement list = _body.GetProperty(member);
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= most)
        {
            return [.. list.EnumerateArray()];
        }

        Add("list", $"{member} は {most} 個までの並びです", $"{member} is a list of at most {most}", member);
        return [];
    }

    private bool Has(string member) => _body.TryGetProperty(member, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    private double? Number(string member)
    {
        if (!Has(member))
        {
            return null;
        }

        double? value = Number(_body, member);
        if (value is null)
        {
            Add("not-a-number", $"{member} は数値です", $"{member} must be a number", member);
        }

        return value;
    }

    private static double? Number(JsonElement within, string member) => within.TryGetProperty(member, out JsonElement value) ? Number(value) : null;

    private static double? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

    private string? Text(string member)
    {
        if (!Has(member))
        {
            return null;
        }

        JsonElement value = _body.GetProperty(member);
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MostText } text)
        {
            return text;
        }

        Add("not-a-text", $"{member} は {MostText} 文字までの文字列です", $"{member} must be a text of at most {MostText} characters", member);
        return null;
    }

    private bool Flag(string member)
    {
        if (!Has(member))
        {
            return true;
        }

        JsonValueKind kind = _body.GetProperty(member).ValueKind;
        if (kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Add("not-a-flag", $"{member} は true か false です", $"{member} must be true or false", member);
        }

        return kind != JsonValueKind.False;
    }

    private void Add(string code, string ja, string en, string? member = null) => _errors.Add(new RouteError(code, ja, en, member));

    private static string Clip(string text) => text.Length <= 60 ? text : text[..60];
}
