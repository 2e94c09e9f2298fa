using Field.Ingest.Import;

namespace Field.Ingest.Layers;

/// <summary>What can be wrong with a layer's file or request beyond its geometry, in words of both languages.</summary>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
internal sealed record LayerFault(string Ja, string En) : ImportFault(Ja, En)
{
    public static LayerFault NoPlace { get; } = new(
        "位置の列が見つかりません。経度・緯度の列を --x と --y で、メッシュコードの列を --mesh-field で指定してください",
        "no column holds a place: name those of lon and lat with --x and --y, or that of mesh codes with --mesh-field");

    public static LayerFault NothingTaken { get; } = new("取り込める行が一つもありません", "not one of its rows can be taken");

    public static LayerFault NotThere { get; } = new("そのレイヤーはありません", "there is no such layer");

    public static LayerFault NoEarlier { get; } = new("元に戻せる前の版がありません", "there is no earlier edition to bring back");

    public static LayerFault MeanwhileChanged { get; } = new(
        "ほかの人が先に変更しました。今の内容を確かめてから、もう一度行ってください", "somebody changed it before: look at it as it is now, then do it again");

    public static LayerFault MeshOnWorldDatum { get; } = new(
        "メッシュコードは世界測地系（JIS X 0410:2002）として読みました", "mesh codes were read as of the world geodetic system (JIS X 0410:2002)");

    public static LayerFault ClassName { get; } = new("区分の名前を付けてください", "give the class a name");

    public static LayerFault ClassWithoutValue { get; } = new("値か範囲を入れてください", "say which values or which range mean it");

    public static LayerFault RangeBackwards { get; } = new("範囲は小さい数から大きい数へ書いてください", "a range goes from the lower number to the higher");

    public static LayerFault EmptyTitle { get; } = new("名前を 1～100 文字で付けてください", "give it a title of 1 to 100 characters");

    public static LayerFault NoFile { get; } = new("レイヤーになるファイルがありません", "there is no file that could be a layer");

    public string Both => $"{Ja} / {En}";

    public static LayerFault TooManyClassValues(int most) => new($"一つの区分の値は {most} までです", $"a class has at most {most} values");

    public static LayerFault ClassTwice(string key) => new($"区分 '{key}' が二つあります", $"there are two classes '{key}'");

    public static LayerFault ValueTwice(string value, int at) => new($"値 '{value}' は {at} 番目の区分にもあります", $"value '{value}' is in class {at} too");

    public static LayerFault RangesOverlap(int at) => new($"範囲が {at} 番目の区分と重なっています", $"its range overlaps that of class {at}");

    public static LayerFault RangesGap(string from, string to) => new($"{from} から {to} までがどの区分にも入りません", $"no class has what is from {from} to {to}");

    public static LayerFault NotYours(string id) => new(
        $"レイヤー '{id}' を置き換える権限がありません。別の ID を付けてください", $"you may not replace the layer '{id}': give yours another id");

    public static LayerFault UnknownClass(string value, long rows) => new($"区分 '{value}' は凡例にありません（{rows} 行）", $"class '{value}' is not in the class table ({rows} rows)");

    public static LayerFault NoClass(long rows) => new($"区分の値がない行が {rows} 行あります", $"{rows} rows have no class value");

    public static LayerFault MeshCode(string code) => new($"メッシュコード '{code}' が読めません", $"mesh code '{code}' cannot be read");

    public static LayerFault NoField(string field, string there) => new($"項目 '{field}' はありません（ある項目: {there}）", $"there is no field '{field}'; there is: {there}");

    public static LayerFault NoPreset(string name, string there) => new($"凡例 '{name}' はありません（{there}）", $"there is no preset '{name}'; there is: {there}");

    public static LayerFault PresetNeedsField(string name) => new(
        $"凡例 {name} を使うには、区分の項目を --class-field で、または全体の区分を --class-value で指定してください",
        $"preset {name} needs the field of the class (--class-field) or the class of all rows (--class-value)");

    public static LayerFault NoSuchClass(string value, string there) => new($"区分 '{value}' は凡例にありません（{there}）", $"class '{value}' is not in the class table; there is: {there}");

    public static LayerFault TooManyValues(string field, int most) => new(
        $"項目 '{field}' の値が {most} 種類を超えるため凡例を作れません。--class-table で表を渡してください", $"field '{field}' has more than {most} values: give a table with --class-table");

    public static LayerFault ClassTable(string why) => new($"凡例の表が読めません（{why}）", $"the class table cannot be read: {why}");

    public static LayerFault ClassCount(int count, int most) => new($"凡例の区分は 1～{most} です（{count}）", $"a class table has 1 to {most} classes, not {count}");

    public static LayerFault OneOf(string option, string value, string there) => new($"{option} '{value}' は使えません（{there}）", $"{option} '{value}' cannot be taken; there is: {there}");

    public static LayerFault BadId(string id) => new($"ID '{id}' は英小文字・数字・- の 32 文字までで書いてください", $"id '{id}' must be of a-z, 0-9 and -, at most 32 characters");

    public static LayerFault SameId(string id, string there, string here) => new(
        $"レイヤー {id} は別のファイル（{there}）から取り込んだものです。{here} で置き換えるなら --id {id} を付けてください",
        $"layer {id} came from another file ({there}): to replace it by {here} say --id {id}");

    public static LayerFault Date(string text) => new($"日付 '{text}' は 2025-03-31 の形で書いてください", $"date '{text}' must be written as 2025-03-31");

    public static LayerFault TooLong(string what, int most) => new($"{what} は {most} 文字までです", $"{what} is at most {most} characters");

    public static LayerFault NotRecords(string why) => new($"JSON の表として読めません（{why}）", $"is no JSON table of records: {why}");

    public static LayerFault TooLarge(string what, long most) => new($"{what} が {most} MiB を超えます", $"{what} is above {most} MiB");

    public static LayerFault FileMixed(string names) => new($"一つの ZIP に一つのデータを入れてください（{names}）", $"put one data set into a ZIP; there is: {names}");

    public static LayerFault FileKind(string name) => new(
        $"'{name}' は読めません（.geojson .json .gpkg .kml .kmz .csv、または Shapefile の ZIP）", $"cannot read '{name}'; there is: .geojson .json .gpkg .kml .kmz .csv, or a ZIP of a Shapefile");

    public static LayerFault TooManyFiles(int most) => new($"ZIP の中のファイルが {most} 個を超えます", $"the ZIP holds more than {most} files");

    public static LayerFault BadZip(string why) => new($"ZIP が開けません（{why}）", $"the ZIP cannot be opened: {why}");
}

/// <summary>Somebody else changed the layer before.</summary>
public sealed class LayerStaleException : FieldException
{
    /// <param name="now">The layer as it is; null when it is gone.</param>
    internal LayerStaleException(Layer? now)
        : base(LayerFault.MeanwhileChanged.Both) => Now = now;

    /// <summary>The layer as it is; null when it is gone.</summary>
    public Layer? Now { get; }
}
