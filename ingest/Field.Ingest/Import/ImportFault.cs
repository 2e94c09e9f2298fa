using Field.Geo;

namespace Field.Ingest.Import;

/// <summary>What can be wrong with any vector file that is imported, in words of both languages; each kind of import adds its own.</summary>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
internal record ImportFault(string Ja, string En)
{
    public static ImportFault NoGeometry { get; } = new("位置がないか、読めません", "has no geometry, or none that can be read");

    public static ImportFault OutsideJapan { get; } = new(
        "日本の外にあります。座標系と経度・緯度の順を確かめてください", "lies outside Japan: check the coordinate system and the order of lon and lat");

    public static ImportFault LatBeforeLon { get; } = new(
        "緯度が経度より先に書かれています。経度・緯度の順に直してください", "holds latitude before longitude: put the longitude first");

    public static ImportFault UnknownSystem(string there) => new(
        $"座標系が分かりません（{there}）。--crs EPSG で指定してください（{OfficialCrs.Known}）", $"the coordinate system is not known ({there}): name it with --crs EPSG ({OfficialCrs.Known})");

    public static ImportFault MetresAsDegrees(string first) => new(
        $"座標（{first}）がメートルのようですが、ファイルは経度・緯度だと言っています。平面直角座標系の系を --crs 6669～6687 で指定してください（第 VIII 系は 6676）",
        $"coordinates ({first}) look like metres while the file claims degrees: name the plane rectangular zone with --crs 6669 to 6687 (zone VIII is 6676)");

    public static ImportFault TokyoDatum(int epsg) => new(
        $"EPSG:{epsg} は日本測地系で、約 450 m ずれます。TKY2JGD で世界測地系に変換してから取り込んでください",
        $"EPSG:{epsg} is on the Tokyo datum, about 450 m away: convert the file with TKY2JGD to JGD2011 first");

    public static ImportFault OtherSystem(int epsg) => new($"EPSG:{epsg} は使えません（{OfficialCrs.Known}）", $"EPSG:{epsg} cannot be taken; there is: {OfficialCrs.Known}");

    public static ImportFault GeometryType(string why) => new($"図形の種類が扱えません（{why}）", $"its kind of geometry cannot be taken: {why}");

    public static ImportFault OutOfSystem(string name, int epsg) => new($"座標が {name} (EPSG:{epsg}) の範囲にありません", $"its coordinates are not of {name} (EPSG:{epsg})");

    public static ImportFault NotRepairable(string where) => new($"面の輪郭が壊れていて直せません（{where}）", $"its outline is broken beyond repair ({where})");
}
