using System.Globalization;
using Field.EdgeAgent.Photos;

namespace Field.EdgeAgent.View;

/// <summary>What the agent says, in Japanese or English, side by side so that they stay the same.</summary>
/// <param name="japanese">True for Japanese.</param>
internal sealed class Texts(bool japanese)
{
    /// <summary>The language asked for, else that of the environment (LC_ALL, LC_MESSAGES, LANG).</summary>
    /// <param name="language"><c>ja</c>, <c>en</c> or null.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static Texts For(string? language, Func<string, string?> environment)
    {
        string? chosen = ((string?[])[language, environment("LC_ALL"), environment("LC_MESSAGES"), environment("LANG")])
            .FirstOrDefault(t => !string.IsNullOrEmpty(t));
        return new Texts(chosen?.StartsWith("ja", StringComparison.OrdinalIgnoreCase) ?? false);
    }

    // Columns of equal width: a Japanese character takes two.
    public string Reading => Pick("読取    ", "reading ");

    public string Sending => Pick("送信中  ", "sending ");

    public string Stored => Pick("保存済み", "stored  ");

    public string Failed => Pick("未送信  ", "not sent");

    public string Scored => Pick("判定済み", "scored  ");

    public string Score(double? score) => score?.ToString("0.00", CultureInfo.InvariantCulture) ?? Pick("判定できず", "unknown");

    public string TriageEnded(string reason) => Pick(
        $"この端末での写真の判定（--triage）は使えません。写真は撮影順に送ります。（{reason}）",
        $"Photos are not scored on this device (--triage); they are sent in the order of the card. ({reason})");

    public string Small => Pick("縮小画像", "preview ");

    public string ThumbnailsEnded(string reason) => Pick(
        $"縮小画像を先に送ることはできません。写真はそのまま送ります。（{reason}）",
        $"Previews cannot be sent ahead; the photos are sent all the same. ({reason})");

    public string Overall => Pick("全体", "all photos");

    public string AlreadyStored => Pick("（前回までに保存済み）", "(confirmed earlier)");

    public string WasThere => Pick("（サーバーに同じ写真がありました）", "(the server had the same photo)");

    public string Repeats => Pick("（同じ内容の写真が他にもあります）", "(the same photo as another file)");

    public string Connected => Pick("サーバーにつながりました。", "Connected to the server.");

    public string ChangedFile => Pick("（内容が変わっていたため、今の内容を送ります）", "(the file changed; sending what is in it now)");

    public string DeletedFile => Pick("カードから削除しました", "deleted from the card");

    public string KeptFile => Pick("カードから削除できませんでした", "could not be deleted from the card");

    public string KeptOther => Pick(
        "削除しませんでした（保存を確認した写真と内容が違います）", "not deleted: it is no longer the photo that the server confirmed");

    public string LostFile => Pick(
        "送り終える前に、なくなるか別の写真に置き換わりました。控えがあれば、もう一度フォルダーに入れてください。",
        "disappeared or was replaced before the server confirmed it; put it back if there is a copy");

    public string OtherCard => Pick(
        "このカードにない未送信の写真です。元のカードを入れると続きを送ります。", "waits for its own card; insert it and the agent continues");

    public string NoFolder(string folder) => Pick(
        $"フォルダー「{folder}」が見つかりません。カードが入っているか、--flight の指定を確かめてください。",
        $"The folder {folder} does not exist. Is the card inserted? Check --flight.");

    public string NoPhotos(string folder) => Pick(
        $"フォルダー「{folder}」に写真（.jpg、.jpeg）がありません。DCIM フォルダーを含む場所を --flight に指定してください。",
        $"The folder {folder} holds no photos (.jpg, .jpeg). Give --flight the folder that contains DCIM.");

    public string FolderDenied(string folder) => Pick(
        $"フォルダー「{folder}」を読む権限がありません。フォルダーの権限を確かめるか、読める利用者で実行してください。",
        $"The folder {folder} may not be read. Check its permissions, or run as a user who may.");

    public string OutboxDenied(string folder, string detail) => Pick(
        $"送信の記録を置くフォルダー「{folder}」に書き込めません。空き容量と権限を確かめるか、--outbox で別の場所を指定してください。（{detail}）",
        $"The outbox folder {folder} cannot be written. Check free space and permissions, or give --outbox another folder. ({detail})");

    public string BadBroker(string broker) => Pick(
        $"--broker「{broker}」は使えません。mqtts://ホスト名:8883（この端末の中なら mqtt://localhost:1883 か ws://localhost:8080/mqtt）の形で指定してください。",
        $"--broker '{broker}' cannot be used. Give mqtts://host:8883 (on this machine also mqtt://localhost:1883 or ws://localhost:8080/mqtt).");

    public string NoIdentity(string folder) => Pick(
        $"この端末はまだ登録されていません（{folder} に証明書がありません）。本部で登録コードを発行してもらい、field agent enrol を実行してください。",
        $"This device is not enrolled ({folder} holds no certificate). Ask the headquarters for a code, then run field agent enrol.");

    public string BadServer(string server) => Pick(
        $"--server「{server}」は使えません。https://ホスト名:8443 の形で指定してください。", $"--server '{server}' cannot be used. Give https://host:8443.");

    public string BadCode => Pick(
        "登録コードの形が違います。写し間違いがないか確かめてください（45 文字）。試行回数には数えられていません。",
        "This is not an enrolment code. Check it for slips (45 symbols). It has not counted as an attempt.");

    public string NotEnrolled(string reason) => Pick($"登録できませんでした。（{reason}）", $"Not enrolled. ({reason})");

    public string Enrolled(Identity.AgentIdentity identity, string folder, string host) => Pick(
        $"登録しました：{identity.Site}/{identity.Device}（証明書の期限 {identity.Certificate.NotAfter:yyyy-MM-dd}、{folder}）。\nこれからは --broker mqtts://{host}:8883 --site {identity.Site} --device {identity.Device} を指定してください。",
        $"Enrolled as {identity.Site}/{identity.Device} (certificate valid to {identity.Certificate.NotAfter:yyyy-MM-dd}, in {folder}).\nFrom now on give --broker mqtts://{host}:8883 --site {identity.Site} --device {identity.Device}.");

    public string OtherIdentity(string folder, string found, string wanted) => Pick(
        $"{folder} の証明書は {found} のものです（指定は {wanted}）。--site と --device、または --identity を確かめてください。",
        $"The certificate in {folder} belongs to {found}, not to {wanted}. Check --site and --device, or --identity.");

    public string BadName(string option, string value) => Pick(
        $"{option}「{value}」は使えません。半角の英小文字・数字・ハイフンで 32 文字以内にしてください（先頭は英数字）。",
        $"{option} '{value}' cannot be used. Use up to 32 of a-z, 0-9 and -, starting with a letter or digit.");

    public string SurfaceNotUnderstood => Pick(
        "--surface は takeoff か楕円体高（-500～9000 m）、--surface-error は 0.01～100 m（--surface と一緒に）で指定してください。",
        "--surface must be takeoff or a height above the ellipsoid (-500 to 9000 m), --surface-error 0.01 to 100 m and only with --surface.");

    public string BothKeepAndDelete => Pick(
        "--keep と --delete-after-receipt は同時に指定できません。", "--keep and --delete-after-receipt exclude each other.");

    public string Disconnected(string reason, TimeSpan retryIn) => Pick(
        $"サーバーにつながりません。ネットワークと --broker の指定を確かめてください。約 {Seconds(retryIn)} 秒後につなぎ直します。（{reason}）",
        $"The server cannot be reached. Check the network and --broker. Trying again in about {Seconds(retryIn)} s. ({reason})");

    public string GaveUp(string broker) => Pick(
        $"サーバー（{broker}）から応答がないため、今回はここまでにします。サーバーが動いているか確かめてから、もう一度実行してください。",
        $"The server ({broker}) does not answer, so this run ends here. Check that it is running, then run this again.");

    public string JournalTorn(long bytes) => Pick(
        $"前回の記録の末尾（{bytes} バイト）が壊れていたため、取り除きました。写真は確認し直すので、失われません。",
        $"The end of the last record ({bytes} bytes) was damaged and has been cut off. The photos are checked again; none is lost.");

    public string NothingToRead => Pick(
        "読み取るものがありません。--config で設定ファイルを、または --input で測定値の入力を指定してください。", "Nothing to read: give --config FILE, or --input FILE (or - for standard input).");

    public string BadOutboxMax => Pick("--outbox-max は 16M 以上を指定してください。", "--outbox-max must be at least 16M.");

    public string BadKeepAlive => Pick("--keep-alive は 5～60 秒で指定してください。", "--keep-alive must be 5 to 60 seconds.");

    public string BadStatusEvery => Pick("--status-every は 1～86400 秒で指定してください。", "--status-every must be 1 to 86400 seconds.");

    public string MessageRefused(string channel, long sequence, string reason) => Pick(
        $"サーバーが {channel}（通番 {sequence}）を受け付けませんでした。内容はサーバーの保留箱に残っています。（{reason}）",
        $"The server refused {channel} with sequence {sequence}; it is in the server's dead letters. ({reason})");

    public string MoreFaults(string message) => Pick($"{message}　以後の同様の問題は件数だけ数えます。", $"{message} Further faults are only counted.");

    public string AgentLine(long messages, long samples, int photos, long stored, long refused, long dropped, bool online) => Pick(
        $"{(online ? "接続中" : "未接続")}　送信待ち {messages} 件・測定値 {samples} 件・写真 {photos} 枚　保存済み {stored} 件　受付不可 {refused} 件　破棄 {dropped} 件",
        $"{(online ? "online" : "offline")}  waiting: {messages} messages, {samples} samples, {photos} photos  stored {stored}  refused {refused}  dropped {dropped}");

    public string OtherFiles(IReadOnlyDictionary<string, int> byExtension)
    {
        string list = string.Join(Pick("、", ", "), byExtension.Select(e => Pick(
            $"{(e.Key.Length == 0 ? "拡張子なし" : e.Key)} {e.Value} 件", $"{e.Value} {(e.Key.Length == 0 ? "without extension" : e.Key)}")));
        return Pick($"写真以外のファイルは送りません：{list}", $"Files that are no photos are not sent: {list}");
    }

    public string Rejected(string reason) => Pick(
        $"サーバーが受け付けませんでした（{reason}）。写真はカードに残っています。担当者に知らせてください。",
        $"the server refused it ({reason}). The photo stays on the card; tell the person in charge.");

    public string Unreadable(Exception reason) => reason switch
    {
        PhotoFaultException { Fault: PhotoFault.Empty } => Pick("ファイルが空（0 バイト）です。", "the file is empty (0 bytes)."),
        PhotoFaultException { Fault: PhotoFault.TooLarge } => Pick("256 MiB を超える写真は送れません。", "photos above 256 MiB cannot be sent."),
        PhotoFaultException { Fault: PhotoFault.Changing } => Pick(
            "書き込み中のため、読めませんでした。もう一度実行してください。", "it was being written to; run again."),
        UnauthorizedAccessException => Pick("読む権限がありません。", "it may not be read: permission denied."),
        DirectoryNotFoundException => Pick("フォルダーが見えなくなりました。カードを確かめてください。", "the folder disappeared. Is the card inserted?"),
        _ => Pick($"読めませんでした（{reason.Message}）。", $"it cannot be read ({reason.Message})."),
    };

    public string Kept(int waiting) => Pick(
        $"未送信の写真が {waiting} 枚あります。次回、続きから送ります。", $"{waiting} photos are kept and continue the next time.");

    public string Summary(Drone.UploadSummary s) => Pick(
        $"写真 {s.PhotosFound} 枚：保存済み {s.PhotosStored} 枚（今回送信 {s.PhotosSent} 枚、重複 {s.Duplicates} 枚）、受付不可 {s.Rejected} 枚、読取不可 {s.Unreadable} 枚。{Size(s.BytesSent)} を {Seconds(s.Seconds)} 秒で送信しました。",
        $"{s.PhotosFound} photos: {s.PhotosStored} stored ({s.PhotosSent} sent now, {s.Duplicates} duplicates), {s.Rejected} refused, {s.Unreadable} unreadable. {Size(s.BytesSent)} sent in {Seconds(s.Seconds)} s.");

    /// <summary>A size in mega- or kilobytes, as a file manager shows it.</summary>
    public static string Size(long bytes) => bytes >= 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB");

    private static string Seconds(TimeSpan time) => Seconds(time.TotalSeconds);

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    /// <summary>The text in the reader's language.</summary>
    public string Pick(string ja, string en) => japanese ? ja : en;
}
