using Field.Ingest.Findings;

namespace Field.Ingest.Decisions;

/// <summary>Why a decision is refused, for people.</summary>
/// <param name="Code">Stable, such as <c>unknown-class</c>.</param>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
public sealed record DecisionError(string Code, string Ja, string En) : RequestError(Code, Ja, En)
{
    internal static DecisionError NotAnObject { get; } = new("not-an-object", "本文は JSON のオブジェクトでなければなりません", "the body must be a JSON object");

    internal static DecisionError Action { get; } = new(
        "action", "action は confirm、correct、reject、undo のいずれかです", "action must be confirm, correct, reject or undo");

    internal static DecisionError Who { get; } = new(
        "who", $"氏名を 1～{DecisionRequest.MaxWho} 文字で入れてください（制御文字は使えません）", $"who: 1 to {DecisionRequest.MaxWho} characters without control characters");

    internal static DecisionError Note { get; } = new("note", $"メモは {DecisionRequest.MaxNote} 文字までです", $"note: at most {DecisionRequest.MaxNote} characters");

    internal static DecisionError NothingToCorrect { get; } = new(
        "nothing-to-correct", "修正するには、種別、損傷程度、施設、部材、範囲のどれかを指定してください", "a correction needs class, degree, assetId, elementId or pixelRings");

    internal static DecisionError NotACorrection { get; } = new(
        "not-a-correction", "種別、施設、部材、範囲を変えるには correct を使ってください", "class, assetId, elementId and pixelRings are changed with correct only");

    internal static DecisionError DegreeNotHere { get; } = new(
        "degree-not-here", "却下と取り消しでは損傷程度を指定できません", "reject and undo take no degree");

    internal static DecisionError DegreeNeeded { get; } = new(
        "degree-needed", "案の損傷程度が一つに決まっていないため、損傷程度を選んでください", "the draft leaves the degree open: choose a degree");

    internal static DecisionError UnknownPhotoSize { get; } = new(
        "photo-size", "写真の大きさが分からないため、範囲を修正できません", "the mask cannot be corrected: the photo's size is not known");

    internal static DecisionError SelfCrossing { get; } = new(
        "rings-cross", "輪郭が自分自身または別の輪郭と交差しています。交差しないように描いてください", "an outline crosses itself or another one: draw it without crossing");

    internal static DecisionError EmptyMask { get; } = new("mask-empty", "輪郭が画素を囲んでいません", "the outlines enclose no pixel");

    internal static DecisionError MaskTooLarge { get; } = new(
        "mask-too-large", "範囲が大きすぎます（囲む長方形は 4,000 万画素まで）", "the mask is too large: the box around it may have 40 megapixels");

    internal static DecisionError TooManyPoints { get; } = new(
        "too-many-points", $"輪郭は {DecisionRequest.MaxRings} 本、点は合わせて {DecisionRequest.MaxPoints} 個までです。輪郭を間引いてください",
        $"at most {DecisionRequest.MaxRings} outlines with {DecisionRequest.MaxPoints} points together: simplify them");

    internal static DecisionError TooFewPoints { get; } = new(
        "too-few-points", "輪郭は 1 本以上、それぞれ 3 点以上必要です", "at least one outline, each of at least 3 points");

    internal static DecisionError Superseded { get; } = new(
        "superseded", "この所見は採点し直した結果に置き換えられています。新しい所見で判断してください", "a newer result took the place of this finding: decide on the newer one");

    internal static DecisionError NothingToUndo { get; } = new(
        "nothing-to-undo", "取り消せる判断がありません。取り消しそのものは取り消せません。もう一度 確定、修正、却下 を行ってください",
        "there is no decision to take back; an undo itself cannot be undone: decide again with confirm, correct or reject");

    internal static DecisionError WrongType(string name) => new(
        "wrong-type", $"{name} の形式が正しくありません{Form(name).Ja}", $"{name} has the wrong form{Form(name).En}");

    internal static DecisionError UnknownClass(string name) => new(
        "unknown-class", $"種別 '{Clip(name)}' はありません（{string.Join("、", DamageClass.All)}）", $"there is no class '{Clip(name)}': {string.Join(", ", DamageClass.All)}");

    internal static DecisionError Degree(string letter, string scale) => new(
        "degree", $"損傷程度 '{Clip(letter)}' は使えません（{DamageClass.Letters(scale)}）", $"degree '{Clip(letter)}' is not one of {DamageClass.Letters(scale)}");

    internal static DecisionError NoScale(string damageClass) => new(
        "no-scale", $"{damageClass} には損傷程度の表がないため、損傷程度を付けられません", $"no table of degrees applies to {damageClass}");

    internal static DecisionError NoAsset(string id) => new("no-asset", $"施設 '{Clip(id)}' は台帳にありません", $"there is no asset '{Clip(id)}'");

    internal static DecisionError NotAnAsset(string id) => new(
        "not-an-asset", $"'{Clip(id)}' は橋梁、堤防、道路ではありません", $"'{Clip(id)}' is not a bridge, levee or road");

    internal static DecisionError NoElement(string id) => new("no-element", $"部材 '{Clip(id)}' は台帳にありません", $"there is no element '{Clip(id)}'");

    internal static DecisionError ElementOfOther(string id, string? bridge) => new(
        "element-of-other", $"部材 '{Clip(id)}' は {bridge ?? "この施設"} の部材ではありません", $"element '{Clip(id)}' is not of {bridge ?? "this asset"}");

    internal static DecisionError Outside(long widthPx, long heightPx) => new(
        "rings-outside", $"輪郭が写真（{widthPx} × {heightPx} 画素）の外に出ています", $"an outline leaves the photo of {widthPx} x {heightPx} px");

    internal static DecisionError Merged(string primary) => new(
        "merged", $"この所見は同じ損傷としてまとめられています。{primary} で判断してください", $"this finding is merged with others of the same damage: decide on {primary}");

    private static (string Ja, string En) Form(string name) => name switch
    {
        "revision" => ("（画面で見た所見の revision、整数）", " (the revision of the finding that you saw, a whole number)"),
        "pixelRings" => ("（[[[x,y],...],...]、画素、有限の数）", " ([[[x,y],...],...], pixels, finite numbers)"),
        _ => ("（文字列）", " (a text)"),
    };

    private static string Clip(string text) => text.Length <= 80 ? text : text[..80];
}
