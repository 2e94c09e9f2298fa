namespace Field.Gdal;

/// <summary>Why a vector file cannot be read, in Japanese and, after a stroke, in English.</summary>
internal static class VectorFault
{
    private const string Encodings = "Shift_JIS, UTF-8";

    internal static GdalException NoFile(string path) => new($"{path}: ファイルがありません / no such file");

    internal static GdalException OtherExtension(string path, string extension) => new(
        $"{path}: '{extension}' は読めません（.geojson .gpkg .shp .kml .kmz .csv） / cannot read '{extension}'; there is: .geojson .gpkg .shp .kml .kmz .csv");

    internal static GdalException TooLargeToRewrite(string path) => new($"{path}: 512 MB を超えます。CSV は UTF-8 で、KMZ は KML で保存してください / above 512 MB: save a CSV as UTF-8, a KMZ as KML");

    internal static GdalException NoDocument(string path) => new($"{path}: KMZ の中に KML がありません / the KMZ holds no KML");

    internal static GdalException LayerNeeded(string path, string there) => new($"{path}: レイヤーを選んでください（{there}） / choose a layer: {there}");

    internal static GdalException NoLayer(string path, string name, string there) => new(
        $"{path}: レイヤー '{name}' はありません（{there}） / no layer '{name}'; there is: {there}");

    internal static GdalException NoSuchEncoding(string asked) => new($"文字コード '{asked}' は使えません（{Encodings}） / unknown encoding '{asked}'; there is: {Encodings}");

    internal static GdalException AlwaysUtf8(string path, string driver, string asked) => new($"{path}: {driver} は UTF-8 です / {driver} is UTF-8, not {asked}");

    internal static GdalException EncodingUnknown(string path, string source) => new(
        $"{path}: 文字コードが分かりません（{source}）。文字コードを指定してください（{Encodings}） / the file does not say how its text is encoded ({source}): name the encoding ({Encodings})");

    internal static GdalException NotShiftJis(string path, int at, Exception inner) => new($"{path}: Shift_JIS ではありません（{at} バイト目） / not Shift_JIS at byte {at}", inner);

    internal static GdalException OtherEncoding(string path, string source, string other, Exception inner) => new(
        $"{path}: {source} として読めない文字があります。{other} を指定してみてください / holds text that is not {source}; name the encoding, probably {other}", inner);
}
