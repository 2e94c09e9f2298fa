using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Field.MapApp.Bookings;

/// <summary><c>bookings list | import | facilities | facility</c>: bookings of the running server.</summary>
internal static class BookingsCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Option<string> Who = ServerCommand.WhoOption();

    public static Command Create()
    {
        Who.Recursive = true;
        return new Command("bookings", "施設予約 / Bookings of facilities, at the running server.") { Data, Who, List(), Import(), Facilities(), SetFacility() };
    }

    private static Command List()
    {
        Option<string?> facility = new("--facility") { HelpName = "ID", Description = "Only of this facility." };
        Option<string?> from = new("--from") { HelpName = "TIME", Description = "From, such as 2026-05-11T00:00:00+09:00; default now." };
        Option<string?> to = new("--to") { HelpName = "TIME", Description = "To; default a week later." };
        Command command = new("list", "予約の一覧 / Lists bookings.") { facility, from, to };
        command.SetAction((r, cancel) => ServerCommand.RunAsync(r.GetRequiredValue(Data), async server =>
        {
            string query = string.Join('&', new[] { ("facility", r.GetValue(facility)), ("from", r.GetValue(from)), ("to", r.GetValue(to)) }.Where(q => q.Item2 is not null).Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2!)}"));
            JsonElement bookings = (await server.GetAsync($"/api/v1/bookings?{query}", cancel).ConfigureAwait(false)).GetProperty("bookings");
            foreach (JsonElement b in bookings.EnumerateArray())
            {
                string state = Text(b, "state") == "booked" ? "" : "  取消 / cancelled";
                Console.WriteLine($"{Text(b, "bookingId"),-20} {Text(b, "facilityId")}/{Text(b, "roomId")}  {Text(b, "start")} - {Text(b, "end")}  PIN {Text(b, "pin")}{state}  {Text(b, "name")}".TrimEnd());
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bookings.GetArrayLength()} 件 / bookings"));
        }));
        return command;
    }

    private static Command Import()
    {
        Argument<FileInfo> file = new Argument<FileInfo>("FILE") { Description = "CSV in UTF-8 or Shift_JIS; the first line names the columns." }.AcceptExistingOnly();
        Option<bool> trial = new("--trial") { Description = "Tell what would become of each row, and change nothing." };
        Command command = new("import", "予約システムの CSV を取り込みます。同じファイルをもう一度取り込んでも何も変わりません / Brings in a booking system's CSV. The same file again changes nothing.") { file, trial };
        command.SetAction((r, cancel) => ServerCommand.RunAsync(r.GetRequiredValue(Data), async server =>
        {
            byte[] bytes = await File.ReadAllBytesAsync(r.GetRequiredValue(file).FullName, cancel).ConfigureAwait(false);
            string query = $"trial={(r.GetValue(trial) ? "true" : "false")}&who={Uri.EscapeDataString(r.GetRequiredValue(Who))}";
            JsonElement answer = await server.PostBytesAsync($"/api/v1/bookings/import?{query}", bytes, "text/csv", cancel).ConfigureAwait(false);
            foreach (JsonElement row in answer.GetProperty("rows").EnumerateArray().Where(x => Text(x, "ja") is not null))
            {
                Console.WriteLine($"{row.GetProperty("row").GetInt32()} 行目 / line  {Text(row, "outcome")}  {Text(row, "ja")} / {Text(row, "en")}");
            }

            string counts = string.Join(", ", answer.GetProperty("counts").EnumerateObject().Select(c => $"{c.Name} {c.Value.GetInt32()}"));
            Console.WriteLine($"{Text(answer, "encoding")}  {counts}");
        }));
        return command;
    }

    private static Command Facilities()
    {
        Command command = new("facilities", "施設の一覧 / Lists facilities with their rooms and doors.");
        command.SetAction((r, cancel) => ServerCommand.RunAsync(r.GetRequiredValue(Data), async server =>
        {
            JsonElement facilities = (await server.GetAsync("/api/v1/facilities", cancel).ConfigureAwait(false)).GetProperty("facilities");
            foreach (JsonElement f in facilities.EnumerateArray())
            {
                string rooms = string.Join(' ', f.GetProperty("rooms").EnumerateArray().Select(x => $"{Text(x, "roomId")}={Text(x, "name")}"));
                string doors = string.Join(' ', f.GetProperty("doors").EnumerateArray().Select(x => $"{Text(x, "device")}={Text(x, "name")}"));
                Console.WriteLine($"{Text(f, "facilityId"),-16} {Text(f, "name")}  [{rooms}]  [{doors}]");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{facilities.GetArrayLength()} 件 / facilities"));
        }));
        return command;
    }

    private static Command SetFacility()
    {
        Argument<string> id = new("ID") { Description = "a-z, 0-9 and -." };
        Argument<FileInfo> file = new Argument<FileInfo>("FILE") { Description = "JSON with name, kind, isShelter, lon, lat, rooms, doors (SPEC.md, Bookings)." }.AcceptExistingOnly();
        Command command = new("facility", "施設を登録・変更します / Makes or changes a facility.") { id, file };
        command.SetAction((r, cancel) => ServerCommand.RunAsync(r.GetRequiredValue(Data), async server =>
        {
            byte[] bytes = await File.ReadAllBytesAsync(r.GetRequiredValue(file).FullName, cancel).ConfigureAwait(false);
            JsonElement set = await server.PutBytesAsync($"/api/v1/facilities/{Uri.EscapeDataString(r.GetRequiredValue(id))}", bytes, "application/json", cancel).ConfigureAwait(false);
            Console.WriteLine($"登録しました / set  {Text(set, "facilityId")} {Text(set, "name")}");
        }));
        return command;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
