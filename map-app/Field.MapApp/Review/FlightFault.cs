using System.Globalization;
using Field.Ingest;

namespace Field.MapApp.Review;

/// <summary>Why what was given to a review of a flight cannot be used, and what to do, in both languages. All are declared here.</summary>
internal sealed record FlightFault : RequestError
{
    private FlightFault(string ja, string en)
        : base("refused", ja, en)
    {
    }

    public static FlightFault NoFlight { get; } = new("その飛行はありません。一覧から選び直してください", "no such flight: choose one of the list");

    public static FlightFault OneTarget { get; } = new("--plan、--area、--line、--target はどれか 1 つにしてください", "give only one of --plan, --area, --line and --target");

    public static FlightFault AssetsNeeded { get; } = new(
        "--target には --assets（./field assets export のファイル）も指定してください", "--target needs --assets (from ./field assets export): give both");

    public static FlightFault OneTrack { get; } = new("--srt と --ulog はどちらか 1 つにしてください", "give only one of --srt and --ulog");

    public static FlightFault Heights { get; } = new(
        "--height は 1～10000 m、--ground は -1000～10000 m にしてください", "--height must be 1 to 10000 m and --ground -1000 to 10000 m");

    public static FlightFault ClockOffset { get; } = new("--clock-offset は 400 日以内にしてください", "--clock-offset must be within 400 days");

    public static FlightFault Width(double metres) => new(
        string.Create(CultureInfo.InvariantCulture, $"--width {metres}: 1～5000 m にしてください"), string.Create(CultureInfo.InvariantCulture, $"--width {metres}: must be 1 to 5000 m"));

    public static FlightFault UtcOffset(string given) => new($"--utc-offset {given}: +09:00 のように書いてください", $"--utc-offset {given}: write it as +09:00");

    public static FlightFault NoFolder(string path) => new($"{path}: フォルダがありません。名前を確かめてください", $"{path}: no such folder; check its name");

    public static FlightFault NoPhotos(string path) => new($"{path}: 写真（.JPG）がありません。フォルダを確かめてください", $"{path}: no photos (.JPG); check the folder");

    public static FlightFault CardUnreadable(string path, string why) => new($"{path}: 読めません。カードを挿し直してください（{why}）", $"{path}: cannot be read; insert the card again ({why})");

    public static FlightFault CardGone(string why) => new($"読み取り中にカードが外れました。挿し直してください（{why}）", $"the card went away while it was read; insert it again ({why})");

    public static FlightFault Unreadable(string path, string why) => new($"{path}: 読めません（{why}）。名前と権限を確かめてください", $"{path}: cannot be read ({why}); check its name and permissions");

    public static FlightFault Unwritable(string path, string why) => new($"{path}: 書き込めません（{why}）。別のフォルダを指定してください", $"{path}: cannot be written ({why}); give another folder");

    public static FlightFault TrackTooLarge(string path) => new($"{path}: 大きすぎます。飛行ごとに分かれた記録を指定してください", $"{path}: is too large; give the record of one flight");

    /// <param name="path">The record.</param>
    /// <param name="whyJa">What is wrong with it, in Japanese.</param>
    /// <param name="whyEn">The same in English.</param>
    public static FlightFault NoPosition(string path, string whyJa, string whyEn) => new(
        $"{path}: 位置の記録がありません（{whyJa}）。別のファイルを指定してください", $"{path}: no position in it ({whyEn}); give another file");

    public static FlightFault NoRoute(string path) => new(
        $"{path}: ルートがありません。./field route の --out を指定してください", $"{path}: no route here; give the folder that ./field route wrote (--out)");

    public static FlightFault BadRoute(string path) => new(
        $"{path}: 計画の写真が読めません。./field route でもう一度作ってください", $"{path}: the planned photos cannot be read; make the route again with ./field route");

    public static FlightFault NoMarks(string path) => new(
        $"{path}: 距離標のある堤防がありません。river と bank、それに startKm・endKm か km の点を入れてください",
        $"{path}: no levee with distance marks; give it river, bank, and startKm and endKm or points with km");

    public static FlightFault NoAsset(string id) => new(
        $"{id}: その橋・堤防・道路は台帳にありません。番号を確かめてください", $"{id}: no such bridge, levee or road among the assets; check its id");

    public static FlightFault NoShape(string title) => new(
        $"{title}: 台帳に形（面か線）がないので、撮り残しを調べられません。外形を取り込んでください",
        $"{title}: the ledger has no area or line for it, so nothing can be said of what is missing; import its outline");

    public static FlightFault Target(string given) => new($"target={given}: auto、none、asset:ID のどれかにしてください", $"target={given}: must be auto, none or asset:ID");
}
