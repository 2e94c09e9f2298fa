namespace Field.MapApp.Routes;

/// <summary>What is wrong with a file or value that a route is planned from, and what to do, in both languages.</summary>
internal sealed record RouteInputFault
{
    private RouteInputFault(string ja, string en) => (Ja, En) = (ja, en);

    public static RouteInputFault NotGeoJson { get; } = new("GeoJSON として読めません。GeoJSON（経度・緯度）で書き出してください", "is no GeoJSON: export it as GeoJSON in degrees");

    public static RouteInputFault TooLarge { get; } = new("大きすぎます。必要な区間だけを 64 MB 以下で書き出してください", "is too large: export only the part that is needed, at most 64 MB");

    public static RouteInputFault Unreadable { get; } = new("読めません。名前と権限を確かめてください", "cannot be read: check its name and permissions");

    public static RouteInputFault Home { get; } = new("経度,緯度 ではありません。139.9,35.3 のように書いてください", "is not LON,LAT: write it as 139.9,35.3");

    public string Ja { get; }

    public string En { get; }

    public static RouteInputFault Lines(int found) => new($"線が {found} 本あります。1 本にしてください", $"has {found} lines; one is needed");

    public static RouteInputFault Polygons(int found) => new($"多角形が {found} 個あります。1 個にしてください", $"has {found} polygons; one is needed");

    public static RouteInputFault InvalidPolygon(int number) =>
        new($"{number} 番目の多角形が正しくありません。辺が交わらないように描き直してください", $"polygon {number} is not valid: draw it without crossing edges");

    public static RouteInputFault ProfileRow(int row) =>
        new($"{row} 行目が「距離,標高」ではありません。数値 2 つにしてください", $"row {row} is not \"distance,elevation\": write two numbers");

    public static RouteInputFault NoSuchCamera(string names) => new($"このカメラはありません。{names} から選んでください", $"there is no such camera: choose one of {names}");

    public static RouteInputFault Unwritable(string why) => new($"書き込めません（{why}）。別のフォルダを指定してください", $"cannot be written ({why}): give another folder");
}

/// <summary>A file or value given to <c>route</c> cannot be used.</summary>
/// <param name="what">Names it.</param>
/// <param name="fault">Why, and what to do.</param>
/// <param name="inner">What failed.</param>
internal sealed class RouteInputException(string what, RouteInputFault fault, Exception? inner = null)
    : FieldException($"{what}: {fault.Ja} / {fault.En}", innerException: inner)
{
    public RouteInputFault Fault => fault;

    public string Text(bool japanese) => $"{what}: {(japanese ? fault.Ja : fault.En)}";
}
