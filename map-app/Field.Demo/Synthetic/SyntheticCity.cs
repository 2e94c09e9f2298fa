using System.Text.Json;

namespace Field.Demo.Synthetic;

/// <summary>
/// The fictional city 架空市, about 1.1 x 0.9 km: the town 青葉町 on the right (west) bank of 架空川, paddies and a hamlet on
/// the left. Every feature has <c>layer</c>, <c>kind</c> and <c>synthetic</c>; named ones <c>name</c> and <c>nameEn</c>.
/// </summary>
internal sealed class SyntheticCity
{
    private const string NoteJa = "架空の都市(合成データ)";
    private const string NoteEn = "Fictional city (synthetic data)";
    private readonly CityFeatures _features;
    private readonly CityBuildings _buildings;
    private readonly SeededRandom _random;

    private SyntheticCity(GeoJsonWriter writer, int seed)
    {
        _random = SeededRandom.For(seed, "city");
        _features = new CityFeatures(writer);
        _buildings = new CityBuildings(_features, _random);
    }

    public static byte[] ToGeoJson(int seed)
    {
        using var writer = new GeoJsonWriter(decimals: 7);
        var city = new SyntheticCity(writer, seed);
        city.Ground();
        city.River();
        city.Roads();
        city.Town();
        city.EastBank();
        city.Labels();
        return writer.ToBytes();
    }

    /// <summary>base.json: what the map app shows about this base map and where it opens.</summary>
    public static byte[] BaseJson()
    {
        var corners = Land().Select(SiteFrame.ToLonLat).ToList();
        (double lon, double lat) = SiteFrame.ToLonLat(CityPlan.Place(new Vec(-60, 45)));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            name = "架空市 青葉町(合成データ)",
            nameEn = "Aoba-cho, Kaku City (synthetic)",
            attribution = "背景図: " + NoteJa + "。実在の場所ではありません",
            attributionEn = "Base map: " + NoteEn + ", no real place",
            synthetic = true,
            bounds = new[] { Floor(corners.Min(c => c.Lon)), Floor(corners.Min(c => c.Lat)), Ceiling(corners.Max(c => c.Lon)), Ceiling(corners.Max(c => c.Lat)) },
            center = new[] { Math.Round(lon, 6), Math.Round(lat, 6) },
            zoom = 17,
        }, s_json);

        static double Floor(double degrees) => Math.Floor(degrees * 1e5) / 1e5;
        static double Ceiling(double degrees) => Math.Ceiling(degrees * 1e5) / 1e5;
    }

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static List<Vec> Land() => CityPlan.Area(CityPlan.West, CityPlan.South, CityPlan.East, CityPlan.North);

    private void Ground()
    {
        _features.Area("land", "land", Land(), "架空市", "Kaku City (fictional)");
        _features.Area("park", "park", CityPlan.Area(-166, -136, -99, -4), "青葉公園", "Aoba Park");
        _features.Area("water", "pond", Pond(new Vec(-128, -92), 19, 13), "青葉池", "Aoba Pond");
        _features.Area("park", "park", CityPlan.Area(-486, 229, -452, 291), "若葉児童公園", "Wakaba Playground");
        _features.Area("park", "schoolyard", CityPlan.Area(-246, 80, -174, 176), "青葉小学校 校庭", "Aoba Elementary School ground");
        _features.Area("park", "sports", CityPlan.Area(96, -392, 176, -318), "河畔運動場", "Riverside Sports Ground");
    }

    private List<Vec> Pond(Vec middle, double halfX, double halfY)
    {
        double phase = _random.Next(0, 6);
        return [.. Enumerable.Range(0, 36).Select(i => i * Math.PI / 18).Select(t =>
            CityPlan.Place(middle + (new Vec(Math.Cos(t) * halfX, Math.Sin(t) * halfY) * (1 + (0.16 * Math.Sin((2 * t) + phase)) + (0.07 * Math.Sin((5 * t) + phase))))))];
    }

    private void River()
    {
        _features.Area("river", "river", CityPlan.Area(-CityPlan.WaterHalfM, CityPlan.South, CityPlan.WaterHalfM, CityPlan.North), "架空川", "Kaku River");
        _features.Area("levee", "levee", CityPlan.Area(-CityPlan.LeveeOuterM, CityPlan.South, -CityPlan.WaterHalfM, CityPlan.North), "架空川右岸堤防", "Kaku River right levee");
        _features.Area("levee", "levee", CityPlan.Area(CityPlan.WaterHalfM, CityPlan.South, CityPlan.LeveeOuterM, CityPlan.North), "架空川左岸堤防", "Kaku River left levee");
        _features.Area("bridge", "bridge", CityPlan.Area(-CityPlan.BridgeHalfM, -4.6, CityPlan.BridgeHalfM, 4.6), "青葉大橋", "Aoba Bridge");
    }

    private void Roads()
    {
        _features.Railway(CityPlan.Line(new(CityPlan.RailwayX, CityPlan.South), new(CityPlan.RailwayX, CityPlan.North)), "架空鉄道 海岸線", "Kaku Railway Coast Line");
        StreetX("trunk", 16, -330, CityPlan.South, CityPlan.North, "国道999号(架空)", "Route 999 (fictional)");
        _features.Road("primary", 9, CityPlan.Line(new(-560, 0), new(460, 0)), "県道青葉大橋線(架空)", "Aoba Bridge Road (fictional)");
        foreach (double x in CityPlan.StreetXs.Where(x => x != -330))
        {
            StreetX(x is -490 ? "secondary" : "residential", x is -490 ? 9 : 5.5, x, -405, 405);
        }

        foreach (double y in CityPlan.StreetYs.Where(y => y != 0))
        {
            // the school and the park each take two blocks: the street between them stops at their edges
            double[][] parts = y switch
            {
                150 => [[-560, -250], [-170, -95]],
                -70 => [[-560, -170]],
                _ => [[-560, -95]],
            };
            bool wide = y is 225 or -210;
            foreach (double[] part in parts)
            {
                StreetY(wide ? "secondary" : "residential", wide ? 8 : 5.5, y, part[0], part[1]);
            }
        }

        foreach (int side in (int[])[-1, 1])
        {
            double crown = side * FlightPlan.LeveeOffsetM;
            StreetX("levee", 4, crown, CityPlan.South, CityPlan.North, side < 0 ? "右岸堤防天端道路" : "左岸堤防天端道路", side < 0 ? "Right levee road" : "Left levee road");
        }

        StreetX("residential", 5.5, 92, -420, 420);
        StreetX("residential", 5, 300, -420, 420);
        foreach (double y in (double[])[-400, -300, -200, -100, 100, 200, 300, 400])
        {
            StreetY("track", 3, y, 92, 465);
        }

        _features.Road("path", 2, CityPlan.Line(new(-166, -20), new(-150, -60), new(-152, -110), new(-105, -120)));
    }

    private void StreetX(string kind, double widthM, double x, double y0, double y1, string? name = null, string? nameEn = null) =>
        _features.Road(kind, widthM, CityPlan.Line(new(x, y0), new(x, y1)), name, nameEn);

    private void StreetY(string kind, double widthM, double y, double x0, double x1) =>
        _features.Road(kind, widthM, CityPlan.Line(new(x0, y), new(x1, y)));

    private void Town()
    {
        double[] xs = CityPlan.StreetXs;
        double[] ys = CityPlan.StreetYs;
        for (int i = 1; i < xs.Length; i++)
        {
            for (int j = 1; j < ys.Length; j++)
            {
                if (!Reserved(xs[i - 1], ys[j - 1]))
                {
                    bool main = ys[j - 1] == 0 || ys[j] == 0 || xs[i] == -330;
                    _buildings.Block(xs[i - 1] + Half(xs[i - 1]), ys[j - 1] + Half(ys[j - 1]), xs[i] - Half(xs[i]), ys[j] - Half(ys[j]), main);
                }
            }
        }

        _buildings.Place(new(-291, 44), 46, 20, 0, "civic", 5, "架空市役所 青葉支所", "Kaku City Hall, Aoba Branch");
        _buildings.Place(new(-270, 20), 20, 12, 0, "civic", 2);
        _buildings.Place(new(-212, 210), 66, 12, 0, "school", 4, "青葉小学校", "Aoba Elementary School");
        _buildings.Place(new(-186, 189), 14, 12, 0, "school", 2, "青葉小学校 体育館", "Aoba Elementary School Gym");
        _buildings.Place(new(-451, 36), 44, 32, 0, "hospital", 6, "青葉総合病院", "Aoba General Hospital");
        _buildings.Place(new(-451, -176), 58, 44, 0, "industrial", 1, "青葉機械工業", "Aoba Machine Works");
        _buildings.Place(new(-422, 262), 22, 30, 0, "civic", 2, "青葉消防署", "Aoba Fire Station");
        _buildings.Place(new(-604, 60), 12, 46, 0, "station", 2, "青葉駅", "Aoba Station");
        _buildings.Place(new(-616, -180), 30, 70, 0.02, "industrial", 1);
        _buildings.Place(new(-614, -290), 28, 52, -0.02, "industrial", 1);
    }

    /// <summary>Blocks with a use of their own, by their lower left corner.</summary>
    private static bool Reserved(double x, double y) => (x, y) is
        (-330, 0) or (-250, 75) or (-250, 150) or (-490, 0) or (-490, -210) or (-490, 225) or (-170, -140) or (-170, -70);

    /// <summary>Half of a street's width and the pavement beside it.</summary>
    private static double Half(double street) => street switch
    {
        -330 => 10,
        0 or -490 => 7,
        225 or -210 => 5.5,
        _ => 3.8,
    };

    private void EastBank()
    {
        foreach ((double x0, double x1) in ((double, double)[])[(96, 297), (303, 462)])
        {
            for (double y = -400; y < 400; y += 100)
            {
                Paddies(x0 < 100 && y == -400 ? 182 : x0, x1, y + (y == 0 ? 7 : 2.5), y + (y == -100 ? 93 : 97.5));
            }
        }

        for (int i = 0; i < 46; i++)
        {
            Vec place = new(110 + ((i % 8) * 21) + _random.Next(-2, 2), 18 + (i / 8 * 14) + _random.Next(-1, 1));
            double width = _random.Next(9, 14);
            if (place.Y < 92)
            {
                _buildings.Place(place, width, _random.Next(7, 9.5), _random.Next(-0.06, 0.06), "house", 1 + _random.Next(2));
            }
        }

        _buildings.Place(new(278, 24), 16, 12, 0, "civic", 1, "新田公民館", "Shinden Community Hall");
        _buildings.Place(new(120, -352), 14, 9, 0, "civic", 1, "河畔運動場 管理棟", "Sports ground office");
    }

    /// <summary>A row of rice fields between two farm tracks; the hamlet's place stays free.</summary>
    private void Paddies(double x0, double x1, double y0, double y1)
    {
        bool hamlet = x0 < 100 && y0 is > 0 and < 50;
        double x = x0;
        while (!hamlet && x < x1 - 10)
        {
            double width = Math.Min(_random.Next(24, 42), x1 - x);
            width = x1 - x - width < 14 ? x1 - x : width;
            _features.Area("field", _random.Next() < 0.82 ? "paddy" : "vegetables", CityPlan.Area(x + 0.6, y0, x + width - 0.6, y1));
            x += width;
        }
    }

    private void Labels()
    {
        _features.Label("city", new(-300, 160), "架空市", "Kaku City (fictional)");
        _features.Label("district", new(-220, -30), "青葉町", "Aoba-cho");
        _features.Label("district", new(-420, 320), "若葉町", "Wakaba-cho");
        _features.Label("district", new(-400, -310), "港町", "Minato-machi");
        _features.Label("district", new(190, 55), "新田", "Shinden");
        _features.Label("river", new(0, 280), "架空川", "Kaku River");
        _features.Label("river", new(0, -250), "架空川", "Kaku River");
        _features.Label("bridge", new(0, 0), "青葉大橋", "Aoba Bridge");
        _features.Label("levee", new(-FlightPlan.LeveeOffsetM, 160), "架空川右岸堤防", "Right levee");
        _features.Label("levee", new(FlightPlan.LeveeOffsetM, 160), "架空川左岸堤防", "Left levee");
        _features.Label("station", new(-604, 60), "青葉駅", "Aoba Station");
        _features.Label("park", new(-140, -40), "青葉公園", "Aoba Park");
        _features.Label("facility", new(-291, 44), "市役所青葉支所", "City Hall, Aoba Branch");
        _features.Label("facility", new(-210, 204), "青葉小学校", "Aoba Elementary School");
        _features.Label("facility", new(-451, 36), "青葉総合病院", "Aoba General Hospital");
        for (double y = -400; y <= 400; y += 100)
        {
            string mark = (12 + (y / 1000)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + "k";
            _features.Label("distance-mark", new(-FlightPlan.LeveeOffsetM, y), "右岸 " + mark, "Right " + mark);
            _features.Label("distance-mark", new(FlightPlan.LeveeOffsetM, y), "左岸 " + mark, "Left " + mark);
        }
    }
}
