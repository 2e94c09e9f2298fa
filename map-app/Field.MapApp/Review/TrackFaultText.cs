using Field.Contracts.Tracks;

namespace Field.MapApp.Review;

/// <summary>What is wrong with parts of a flight record (DJI's subtitles, PX4's log), and what to do.</summary>
internal static class TrackFaultText
{
    /// <summary>What is wrong, and what to do.</summary>
    /// <param name="code">One of <see cref="TrackFaultCodes"/>.</param>
    /// <param name="japanese">Else English.</param>
    public static string Of(string code, bool japanese)
    {
        (string what, string toDo) = Parts(code, japanese);
        return japanese ? $"{what}。{toDo}" : $"{what}: {toDo}";
    }

    /// <summary>What is wrong, as a phrase.</summary>
    public static string What(string code, bool japanese) => Parts(code, japanese).What;

    private static (string What, string ToDo) Parts(string code, bool japanese) => (code, japanese) switch
    {
        (TrackFaultCodes.BadTime, true) => ("時刻として読めない", "書き換えていない元のファイルを指定してください"),
        (TrackFaultCodes.BadTime, false) => ("not a time", "give the original file, unchanged"),
        (TrackFaultCodes.NoPosition, true) => ("位置が書かれていない", "その間の写真の位置を確かめてください"),
        (TrackFaultCodes.NoPosition, false) => ("no position written", "check the places of photos taken there"),
        (TrackFaultCodes.BadPosition, true) => ("緯度・経度としてあり得ない値", "その間の写真の位置を確かめてください"),
        (TrackFaultCodes.BadPosition, false) => ("not a place on the earth", "check the places of photos taken there"),
        (TrackFaultCodes.NoFix, true) => ("測位前（0, 0）", "測位してから撮影した写真か確かめてください"),
        (TrackFaultCodes.NoFix, false) => ("before the first fix (0, 0)", "check whether photos were taken before it"),
        (TrackFaultCodes.TooLong, true) => ("長すぎる字幕", "ドローンが作った字幕（SRT）か確かめてください"),
        (TrackFaultCodes.TooLong, false) => ("a passage that is too long", "check that the drone made the subtitles (SRT)"),
        (TrackFaultCodes.Stray, true) => ("字幕に属さない文字", "書き換えていない元のファイルを指定してください"),
        (TrackFaultCodes.Stray, false) => ("text that belongs to no passage", "give the original file, unchanged"),
        (TrackFaultCodes.WrongKind, true) => ("この種類の記録ではない", "--srt には DJI の字幕、--ulog には PX4 のログを指定してください"),
        (TrackFaultCodes.WrongKind, false) => ("not a record of this kind", "give DJI's subtitles with --srt, a PX4 log with --ulog"),
        (TrackFaultCodes.Damaged, true) => ("壊れている", "機体かカードから記録を取り直してください"),
        (TrackFaultCodes.Damaged, false) => ("damaged", "copy the record from the aircraft or card again"),
        (TrackFaultCodes.CutOff, true) => ("途中で終わっている", "機体かカードから記録を取り直してください"),
        (TrackFaultCodes.CutOff, false) => ("it ends in the middle", "copy the record from the aircraft or card again"),
        (TrackFaultCodes.NewerFormat, true) => ("対応していない新しい形式", "別の記録を指定してください"),
        (TrackFaultCodes.NewerFormat, false) => ("a format newer than this program", "give another record"),
        _ => (code, code),
    };
}
