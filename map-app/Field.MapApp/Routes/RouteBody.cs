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
            throw new RouteAskException(StatusCodes.Status400BadRequest, RouteError.NotAnObject);
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
            _errors.Add(RouteError.Kind);
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
            _errors.Add(RouteError.TooManyPoints(_points, MostPoints));
        }

        if (ask is { AssetId: null, Line: null, Outline: null } && _errors.Count == 0)
        {
            _errors.Add(RouteError.AssetOrLine(isBridge ? "outline" : "line"));
        }

        if (isBridge && _errors.Count > 0 && !ask.Values.Homes.Any(h => h.GroundM is not null))
        {
            _errors.Add(RouteError.Of(new RouteRefusal(RouteRefusalCodes.HomeNeeded))); // said with the rest, so that nobody enters the rest first
        }

        if (ask.DeckWidthM is { } width && !(width is > 0 and <= 200))
        {
            _errors.Add(RouteError.DeckWidth);
        }

        return ask;
    }

    private Dictionary<string, double> Numbers(IReadOnlyList<RouteNumber> table)
    {
        HashSet<string> known = [.. table.Select(n => n.Member), .. Others];
        foreach (JsonProperty member in _body.EnumerateObject().Where(m => !known.Contains(m.Name)))
        {
            _errors.Add(RouteError.UnknownMember(Clip(member.Name)));
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
                _errors.Add(RouteError.Missing(number));
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

        _errors.Add(RouteError.NoSuchCamera(Clip(name)));
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
                _errors.Add(RouteError.Home);
            }
        }

        return homes;
    }

    private IReadOnlyList<NoFlyZone> Zones()
    {
        IReadOnlyList<NoFlyZone> zones = Shape("noFly", features => (IReadOnlyList<NoFlyZone>)[.. RouteInput.Zones("noFly", "noFly", features)]) ?? [];
        if (zones.Count > MostZones)
        {
            _errors.Add(RouteError.TooManyZones(MostZones));
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
                _errors.Add(RouteError.Ground);
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
                _errors.Add(RouteError.Side);
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
            _errors.Add(RouteError.GeoJson(member, e.Fault));
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

        _errors.Add(RouteError.List(member, most));
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
            _errors.Add(RouteError.NotANumber(member));
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

        _errors.Add(RouteError.NotAText(member, MostText));
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
            _errors.Add(RouteError.NotAFlag(member));
        }

        return kind != JsonValueKind.False;
    }

    private static string Clip(string text) => text.Length <= 60 ? text : text[..60];
}
