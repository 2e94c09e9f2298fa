using Field.Ingest.Import;

namespace Field.Ingest.Residents;

/// <summary>What can be wrong with files of residents, in words of both languages. Never holds what stands in a row.</summary>
internal sealed record ResidentFault(string Ja, string En) : ImportFault(Ja, En)
{
    public static ResidentFault NotInRegister { get; } = new("世帯番号が台帳にありません", "the register does not have this household number");

    public static ResidentFault NoPoint { get; } = new("世帯の点がありません", "there is no point of this household");

    public static ResidentFault NoNumber { get; } = new("世帯番号がありません", "has no household number");

    public static ResidentFault TwoPoints { get; } = new("同じ世帯番号の点がすでにあります。はじめの点を使います", "there is a point of this household already: the first counts");

    public static ResidentFault TwoRows { get; } = new("同じ世帯番号の行がすでにあります。はじめの行を使います", "there is a row of this household already: the first counts");

    public static ResidentFault PartAboveWhole { get; } = new("65歳以上か要支援者が世帯の人数より多くなっています", "more are aged 65 or need support than live there");

    public static ResidentFault NotThere { get; } = new("住民データがありません。取り込んでください", "there are no residents: import them");

    public static ResidentFault NoEarlier { get; } = new("元に戻せる前の版がありません", "there is no earlier edition to bring back");

    public static ResidentFault MeanwhileChanged { get; } = new("取り込みの間に住民データが変わりました。もう一度取り込んでください", "the residents were changed meanwhile: import them again");

    public static ResidentFault NobodyJoined { get; } = new(
        "点と台帳の世帯番号が一つも一致しません。列の選択と、Excel で消えた先頭の 0 を確かめてください",
        "not one household number is in both files: check the columns, and zeros at the front that Excel takes away");

    public static ResidentFault NothingTaken { get; } = new("数えられる世帯が一つもありません", "not one household can be counted");

    public static ResidentFault NoAreas { get; } = new("自治会の面がありません", "there is no area of an association");

    public static ResidentFault NoPopulation { get; } = new(
        "人口が分かりません。--mesh と --people-field、または --people N を指定してください", "how many people? name --mesh and --people-field, or --people N");

    public string Both => $"{Ja} / {En}";

    public static ResidentFault NoColumn(string path, string ja, string en, string there) => new(
        $"{path}: {ja}の列がありません。--column で指定してください（ある列: {there}）", $"{path}: has no column of {en}: name it with --column; there is: {there}");

    public static ResidentFault NoSuchColumn(string path, string name, string there) => new(
        $"{path}: 列 '{name}' がありません（ある列: {there}）", $"{path}: has no column '{name}'; there is: {there}");

    public static ResidentFault SameTwice(string path, string names) => new(
        $"{path}: 同じ意味の列が二つあります（{names}）。--column で選んでください", $"{path}: two columns mean the same ({names}): choose with --column");

    public static ResidentFault NotWhole(string ja, string en) => new($"{ja}が 0 から 100000 の整数ではありません", $"{en} is no whole number from 0 to 100000");

    public static ResidentFault NotADay { get; } = new("生年月日が読めません（1960-01-31 の形）", "the day of birth cannot be read (as 1960-01-31)");

    public static ResidentFault BadValue(string option, string value) => new($"{option} {value} は使えません", $"{option} {value} cannot be taken");

    public static ResidentFault TooLong(string option, int most) => new($"{option} は {most} 文字までです", $"{option}: at most {most} characters");
}
