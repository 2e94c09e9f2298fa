using Field.Ingest.Import;

namespace Field.Ingest.Assets;

/// <summary>What can be wrong with a ledger beyond its geometry, in words of both languages.</summary>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
internal sealed record AssetFault(string Ja, string En) : ImportFault(Ja, En)
{
    public static AssetFault NoValue { get; } = new("値がありません", "has no value");

    public static AssetFault TooLong { get; } = new("200 文字までです", "is longer than 200 characters");

    public static AssetFault NoColumn(string option, string there) => new($"列を {option} で指定してください（ある列: {there}）", $"name the column with {option}; there is: {there}");

    public static AssetFault Bank(string text) => new($"岸 '{text}' は 左岸 か 右岸 で書いてください", $"bank '{text}' must be 左岸/left or 右岸/right");

    public static AssetFault Kilometres(string text) => new(
        $"距離 '{text}' が読めません（12.3、12.3k、12k300）", $"kilometres '{text}' cannot be read (12.3, 12.3k, 12k300)");

    public static AssetFault SameId(string id) => new($"ID '{id}' が重複しています", $"id '{id}' is there twice");

    public static AssetFault ElementCode(string id) => new(
        $"部材番号 '{id}' は記号と番号で書いてください（{AssetKind.MemberCodes}、例 Mg0101）", $"element '{id}' must be a member code and a number ({AssetKind.MemberCodes}; such as Mg0101)");

    public static AssetFault NoBridge(string id) => new($"橋梁 '{id}' がありません。先に橋梁を取り込んでください", $"there is no bridge '{id}': import the bridges first");

    public static AssetFault OtherGeometry(string kind, string type) =>
        new($"{(AssetKind.GeometryOf(kind) ?? AnyGeometry).Ja}ではなく {type} です", $"is a {type}, not {(AssetKind.GeometryOf(kind) ?? AnyGeometry).En}");

    private static (string Ja, string En) AnyGeometry => ("図形", "a geometry");
}
