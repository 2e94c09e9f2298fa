using System.Text;
using Field.Ingest.Bookings;

namespace Field.Tests.Bookings;

/// <summary>SPEC.md section 22: CSV of booking systems.</summary>
public sealed class BookingFileTests
{
    private const string Header = "予約番号,施設名,室場名,利用日,開始時刻,終了時刻,利用者名,連絡先,状態\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-05-12", "2026-05-12")]
    [InlineData("2026/5/12", "2026-05-12")]
    [InlineData("20260512", "2026-05-12")]
    [InlineData("２０２６年５月１２日（火）", "2026-05-12")]
    [InlineData("令和8年5月12日", "2026-05-12")]
    [InlineData("R8.5.12", "2026-05-12")]
    [InlineData("令和元年12月1日", "2019-12-01")]
    [InlineData("2026/5/12 9:00", "2026-05-12")]
    [InlineData("2026-13-01", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("12/5/2026", null)]
    [InlineData("明日", null)]
    public void Day_is_read_as_it_is_written_or_not_at_all(string text, string? day) =>
        Assert.Equal(day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), JapaneseText.Day(text));

    [Theory]
    [InlineData("9:00", 540)]
    [InlineData("09:30:00", 570)]
    [InlineData("0930", 570)]
    [InlineData("９時３０分", 570)]
    [InlineData("9時", 540)]
    [InlineData("9時半", 570)]
    [InlineData("午後1時30分", 810)]
    [InlineData("24:00", 1440)]
    [InlineData("24:30", null)]
    [InlineData("9:75", null)]
    [InlineData("夜間", null)]
    public void Time_is_read_as_it_is_written_or_not_at_all(string text, int? minutes) => Assert.Equal(minutes, JapaneseText.Minutes(text));

    [Theory]
    [InlineData("ｱﾘｰﾅA面", "アリーナＡ面")]
    [InlineData("東山 体育館", "東山体育館")]
    [InlineData("ﾊﾞﾚｰ室", "バレー室")]
    [InlineData("ﾎﾟｯﾄ", "ポット")]
    public void Name_is_the_same_in_other_widths(string a, string b) => Assert.True(JapaneseText.Same(a, b));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-8-bom")]
    [InlineData("shift_jis")]
    public async Task File_comes_in_with_each_row_taken_or_told_why_not_and_again_changes_nothing(string encoding)
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        string text = Header
            + "R8-001,東山体育館,会議室,2026/05/12,9:00,12:00,\"髙橋,花子\",054-000-0000,予約\r\n"
            + "R8-002,東山体育館,ｱﾘｰﾅA面,令和8年5月12日,９：００,２１：００,東山クラブ,,予約済\r\n"
            + "R8-003,東山体育館,アリーナ全面,2026/05/12,10:00,11:00,重なる人,,予約\r\n"
            + "R8-004,西体育館,会議室,2026/05/12,9:00,12:00,どこ,,予約\r\n"
            + "R8-005,東山体育館,茶室,2026/05/12,9:00,12:00,どこ,,予約\r\n"
            + "R8-006,東山体育館,会議室,2026/05/12,いつか,12:00,いつ,,予約\r\n"
            + "R8-007,東山体育館,会議室,2026/05/12,13:00,15:00,仮,,仮予約\r\n"
            + "R8-008,東山体育館,会議室,2026/05/12,15:00,17:00,取る,,取消\r\n"
            + "R8-001,東山体育館,会議室,2026/05/12,18:00,19:00,二度,,予約\r\n"
            + "R8-009,東山体育館,会議室,2026/05/10,9:00,12:00,昨日,,予約\r\n";
        byte[] bytes = encoding switch
        {
            "shift_jis" => CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text),
            "utf-8-bom" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            _ => Encoding.UTF8.GetBytes(text),
        };
        string[] expected = ["added", "added", "refused overlap", "refused no-facility", "refused no-room", "refused bad-row", "refused bad-row", "same", "refused twice", "past over"];
        BookingFile file = BookingFile.Parse(bytes);
        Assert.Equal(encoding == "shift_jis" ? "Shift_JIS" : "UTF-8", file.Encoding);
        Assert.Equal(expected, (await scene.Desk.ImportAsync(file, "suzuki", isTrial: true, Cancel)).Select(Word));
        Assert.Empty(await scene.Desk.ListAsync(null, BookingScene.At(0), BookingScene.At(24), Cancel)); // a trial
        IReadOnlyList<BookingOutcome> outcomes = await scene.Desk.ImportAsync(file, "suzuki", isTrial: false, Cancel);
        Assert.Equal(expected, outcomes.Select(Word));
        Assert.Equal(Enumerable.Range(2, 10), outcomes.Select(o => o.Row));
        Assert.Equal("髙橋,花子", (await scene.Desk.FindAsync("R8-001", Cancel))!.Name);
        Assert.Equal(BookingScene.Hours(9, 21), (await scene.Desk.FindAsync("R8-002", Cancel))!.Slot);
        long revision = (await scene.Desk.FindAsync("R8-001", Cancel))!.Revision;
        Assert.DoesNotContain((await scene.Desk.ImportAsync(BookingFile.Parse(bytes), "suzuki", isTrial: false, Cancel)).Select(Word), w => w is "added" or "changed" or "cancelled");
        Assert.Equal(revision, (await scene.Desk.FindAsync("R8-001", Cancel))!.Revision);
    }

    [Fact]
    public async Task Same_file_does_not_undo_what_people_changed_since_and_a_newer_one_does()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        string row = "R8-001,東山体育館,会議室,2026/05/12,9:00,12:00,山田,,予約\n";
        await ImportAsync(scene, row);
        await scene.Desk.CancelAsync("R8-001", "suzuki", null, Cancel);
        Assert.Equal(["same"], await ImportAsync(scene, row));
        Assert.False((await scene.Desk.FindAsync("R8-001", Cancel))!.IsBooked);
        Assert.Equal(["changed"], await ImportAsync(scene, row.Replace("9:00", "10:00", StringComparison.Ordinal)));
        Assert.Equal(["cancelled"], await ImportAsync(scene, row.Replace("予約\n", "キャンセル\n", StringComparison.Ordinal)));
        Assert.False((await scene.Desk.FindAsync("R8-001", Cancel))!.IsBooked);
    }

    [Fact]
    public async Task Bookings_that_change_places_are_no_conflict()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await ImportAsync(scene, "A,東山体育館,会議室,2026/05/12,9:00,10:00,,,\nB,東山体育館,会議室,2026/05/12,10:00,11:00,,,\nC,東山体育館,会議室,2026/05/12,12:00,13:00,,,\n");
        Assert.Equal(["changed", "changed"], await ImportAsync(scene, "A,東山体育館,会議室,2026/05/12,10:00,11:00,,,\nB,東山体育館,会議室,2026/05/12,9:00,10:00,,,\n"));

        // A may not go where C is, so it stays, and B cannot come where A stays.
        Assert.Equal(["refused overlap", "refused overlap"], await ImportAsync(scene, "A,東山体育館,会議室,2026/05/12,12:30,13:00,,,\nB,東山体育館,会議室,2026/05/12,10:30,11:00,,,\n"));
        Assert.Equal(BookingScene.Hours(9, 10), (await scene.Desk.FindAsync("B", Cancel))!.Slot);
    }

    [Fact]
    public async Task Other_column_names_and_one_column_for_the_time_are_understood()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        string text = "施設,部屋,使用年月日,使用時間,団体名,電話番号,取消\n東山体育館,会議室,R8.5.12,9:00～12:00,東山会,054,\n東山体育館,会議室,R8.5.12,22:00～24:00,夜の会,054,\n東山体育館,会議室,R8.5.12,13:00-15:00,消えた会,054,○\n";
        BookingFile file = BookingFile.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal("使用年月日", file.Columns["date"]);
        Assert.Equal(["added", "added", "same"], (await scene.Desk.ImportAsync(file, "suzuki", isTrial: false, Cancel)).Select(Word));
        IReadOnlyList<Booking> found = await scene.Desk.ListAsync("gym", BookingScene.At(0), BookingScene.At(30), Cancel);
        Assert.Equal([BookingScene.Hours(9, 12), BookingScene.Hours(22, 24)], found.Select(b => b.Slot));
        Assert.Equal("東山会", found[0].Name);
    }

    [Theory]
    [InlineData("", "columns")]
    [InlineData("施設名,利用日\n", "columns")]
    [InlineData("\u0000\u0001", "columns")]
    public void File_without_its_columns_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<BookingException>(() => BookingFile.Parse(Encoding.UTF8.GetBytes(text))).Fault.Code);

    [Fact]
    public void File_in_neither_encoding_is_refused() =>
        Assert.Equal("encoding", Assert.Throws<BookingException>(() => BookingFile.Parse([0x81, 0x20, 0xFF])).Fault.Code);

    /// <summary>Whatever comes: rows or one reason, never another exception.</summary>
    [Fact]
    public async Task Broken_files_give_rows_or_a_reason()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        byte[] good = Encoding.UTF8.GetBytes(Header + "R8-001,東山体育館,会議室,2026/05/12,9:00,12:00,\"髙橋\n花子\",054-000-0000,予約\r\n");
        Random random = new(20260511);
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. good];
            for (int n = random.Next(1, 12); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? "\",\n\t"u8[random.Next(4)] : random.Next(256));
            }

            try
            {
                Assert.All(await scene.Desk.ImportAsync(BookingFile.Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1))), "suzuki", isTrial: true, Cancel), o => Assert.True(o.Fault is not null || o.Outcome is "added" or "same"));
            }
            catch (BookingException e)
            {
                Assert.True(e.Fault.Code is "columns" or "encoding");
            }
        }
    }

    private static string Word(BookingOutcome outcome) => outcome.Fault is { } fault ? $"{outcome.Outcome} {fault.Code}" : outcome.Outcome;

    private static async Task<string[]> ImportAsync(BookingScene scene, string rows) =>
        [.. (await scene.Desk.ImportAsync(BookingFile.Parse(Encoding.UTF8.GetBytes(Header + rows)), "suzuki", isTrial: false, Cancel)).Select(Word)];
}
