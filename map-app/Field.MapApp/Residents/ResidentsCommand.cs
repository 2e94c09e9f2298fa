using System.CommandLine;
using System.Globalization;
using System.Text;
using Field.Ingest.Import;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.MapApp.Forms;
using Field.MapApp.Layers;

namespace Field.MapApp.Residents;

/// <summary><c>residents import | list | remove | restore | synthetic</c>: the register of residents, whether the server runs or not.</summary>
internal static class ResidentsCommand
{
    private const string Synthetic = "合成データ（実在の住民ではありません） / synthetic: no real residents";
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Option<int?> Crs = new("--crs") { HelpName = "EPSG", Description = "座標系の書かれていないファイルの座標系 / System of a file that names none." };

    public static Command Create() =>
        new("residents", "住民データ（世帯の点と台帳） / Residents: points of households and their register.") { Data, Import(), List(), Remove(), Restore(), Make() };

    /// <summary><c>household=世帯番号</c>, several times.</summary>
    /// <exception cref="FieldException">Not of that form, or no such column.</exception>
    public static IReadOnlyDictionary<ResidentColumn, string> Columns(IEnumerable<string> given)
    {
        Dictionary<ResidentColumn, string> columns = [];
        foreach (string one in given)
        {
            int at = one.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !Enum.TryParse(one[..at], ignoreCase: true, out ResidentColumn column) || column == ResidentColumn.Other || at == one.Length - 1)
            {
                string all = string.Join(", ", Enum.GetNames<ResidentColumn>().Skip(1).Select(n => char.ToLowerInvariant(n[0]) + n[1..]));
                throw new FieldException($"--column は household=世帯番号 のように書きます（{all}） / write --column as household=NAME, with one of {all}");
            }

            columns[column] = one[(at + 1)..];
        }

        return columns;
    }

    private static Command Import()
    {
        Option<string> points = new("--points") { HelpName = "FILE", Required = true, Description = "世帯の点（GeoJSON、GeoPackage、Shapefile、KML、CSV） / Points of households." };
        Option<string?> register = new("--register") { HelpName = "FILE", Description = "世帯番号で結合する台帳（CSV など、世帯か個人の行） / The register, joined by household number; rows of households or persons." };
        Option<string?> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };
        (Option<string?> encoding, Option<string?> registerEncoding) = (Text("--encoding", "UTF-8|Shift_JIS", "点の文字コード / Encoding of the points."), Text("--register-encoding", "UTF-8|Shift_JIS", "台帳の文字コード / Encoding of the register."));
        (Option<string?> layer, Option<string?> registerLayer) = (Text("--layer", "NAME", "Layer of the points' file."), Text("--register-layer", "NAME", "Layer of the register's file."));
        (Option<string?> title, Option<string?> source, Option<string?> day) = (Text("--title", "TEXT", "名前 / Name."), Text("--source", "TEXT", "出典 / Which office gave it."), Text("--source-date", "yyyy-MM-dd", "基準日（年齢もこの日） / The day that it tells of; ages are of that day."));
        Option<string[]> column = new("--column") { HelpName = "COLUMN=NAME", AllowMultipleArgumentsPerToken = true, Description = "列の指定。例 household=世帯番号 people=世帯人員 / Columns where the usual names do not hold." };
        Option<bool> synthetic = new("--synthetic") { Description = "実在の住民ではないと記録します / Nobody in it is real." };
        Command command = new("import", "取り込みます。前の版に置き換わり、restore で戻せます / Imports; replaces, and restore undoes.") { points, register, Crs, encoding, registerEncoding, layer, registerLayer, column, title, source, day, synthetic };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk => Report(await desk.ImportAsync(new ResidentImportOptions
        {
            Points = r.GetValue(points)!,
            Register = r.GetValue(register),
            PointsLayer = r.GetValue(layer),
            RegisterLayer = r.GetValue(registerLayer),
            Crs = r.GetValue(Crs),
            Encoding = r.GetValue(encoding),
            RegisterEncoding = r.GetValue(registerEncoding),
            Columns = Columns(r.GetValue(column) ?? []),
            Title = r.GetValue(title),
            Source = r.GetValue(source),
            SourceDate = r.GetValue(day),
            IsSynthetic = r.GetValue(synthetic),
        }, User, cancel).ConfigureAwait(false))));
        return command;
    }

    private static Command List()
    {
        Option<string?> state = new("--rows") { HelpName = "STATE", Description = "数えていない行と理由（unregistered、unplaced、refused） / Rows that do not count, with the reason." };
        state.AcceptOnlyFromAmong([.. HouseholdState.All.Skip(1)]);
        Command command = new("list", "取り込んだ住民データ / What was imported.") { state };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            if (await desk.FindAsync(cancel).ConfigureAwait(false) is not { } register)
            {
                Console.WriteLine("住民データはありません / there are no residents");
                return 0;
            }

            Say(register);
            if (r.GetValue(state) is { } wanted)
            {
                await foreach (Household h in desk.HouseholdsAsync(register.Edition, cancel).ConfigureAwait(false))
                {
                    if (h.State == wanted)
                    {
                        Console.WriteLine($"{h.Number ?? "-",-14} {h.Association ?? "-"}  {h.Reason?.Ja} / {h.Reason?.En}");
                    }
                }
            }

            return 0;
        }));
        return command;
    }

    private static Command Remove()
    {
        Option<bool> forever = new("--forever") { Description = "世帯をすべて消します。元に戻せません / Deletes all households; nothing brings them back." };
        Command command = new("remove", "住民データを外します。restore で戻せます / Takes the residents away.") { forever };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            await desk.RemoveAsync(r.GetValue(forever), User, cancel).ConfigureAwait(false);
            Console.WriteLine("外しました / removed");
            return 0;
        }));
        return command;
    }

    private static Command Restore()
    {
        Command command = new("restore", "外した住民データか、前の版に戻します / Brings back what was removed, or the edition before.");
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            Say(await desk.RestoreAsync(User, cancel).ConfigureAwait(false));
            return 0;
        }));
        return command;
    }

    private static Command Make()
    {
        Option<string> boundaries = new("--boundaries") { HelpName = "LAYER|FILE", Required = true, Description = "自治会の区域 / Areas of the associations." };
        Option<string?> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };
        (Option<string?> name, Option<string?> mesh) = (Text("--name-field", "FIELD", "自治会名の列 / Attribute of the association's name."), Text("--mesh", "LAYER|FILE", "人口メッシュ / Population mesh."));
        (Option<string?> meshField, Option<string?> people) = (Text("--mesh-field", "FIELD", "メッシュコードの列（ファイルのとき） / Its column of mesh codes."), Text("--people-field", "FIELD", "人口の列 / Its attribute of people."));
        (Option<string?> encoding, Option<string?> title) = (Text("--encoding", "UTF-8|Shift_JIS", "文字コード / Encoding of files."), Text("--title", "TEXT", "名前 / Name."));
        Option<int?> number = new("--people") { HelpName = "N", Description = "人数 / People in all." };
        Option<long> seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "同じ種なら同じ住民 / The same seed makes the same people." };
        Option<string?> output = Text("--out", "FOLDER", "取り込まずにファイルに書く / Writes files instead of importing.");
        Command command = new("synthetic", "合成住民を作ります（実在の住民ではありません） / Makes synthetic residents.") { boundaries, name, mesh, meshField, people, number, seed, Crs, encoding, title, output };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            SyntheticOptions options = new()
            {
                Boundaries = r.GetValue(boundaries)!,
                NameField = r.GetValue(name),
                Mesh = r.GetValue(mesh),
                MeshField = r.GetValue(meshField),
                PeopleField = r.GetValue(people),
                People = r.GetValue(number),
                Seed = r.GetValue(seed),
                Crs = r.GetValue(Crs),
                Encoding = r.GetValue(encoding),
                Title = r.GetValue(title),
            };
            LayerDesk layers = LayerDesk.Open(r.GetValue(Data)!, TimeProvider.System);
            await using (layers.ConfigureAwait(false))
            {
                return r.GetValue(output) is { } folder
                    ? Write(folder, await SyntheticDesk.MakeAsync(layers, options, cancel).ConfigureAwait(false))
                    : Report(await SyntheticDesk.ImportAsync(desk, layers, options, User, cancel).ConfigureAwait(false));
            }
        }));
        return command;
    }

    private static string User => $"user:{Environment.UserName}";

    /// <summary>Two files as <c>import</c> takes them; each says in its name, its title column and each row that nobody is real.</summary>
    private static int Write(string folder, IReadOnlyList<Household> households)
    {
        Directory.CreateDirectory(folder);
        StringBuilder points = new("\uFEFF世帯番号,経度,緯度,合成データ\r\n"), register = new("\uFEFF世帯番号,世帯人数,65歳以上,要支援者,自治会,合成データ\r\n");
        foreach (Household h in households)
        {
            points.Append(CultureInfo.InvariantCulture, $"{h.Number},{h.Place!.Value.Lon:0.0000000},{h.Place.Value.Lat:0.0000000},実在しません\r\n");
            register.Append(CultureInfo.InvariantCulture, $"{h.Number},{h.People},{h.Aged65},{h.NeedsSupport},{CsvText.Field(h.Association)},実在しません\r\n");
        }

        File.WriteAllText(Path.Combine(folder, "合成_世帯の点.csv"), points.ToString());
        File.WriteAllText(Path.Combine(folder, "合成_台帳.csv"), register.ToString());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{households.Count} 世帯、{households.Sum(h => h.People)} 人 / households, people: {folder}\n{Synthetic}"));
        return 0;
    }

    private static int Report(ResidentImportResult result)
    {
        foreach (ImportNote note in result.Faults)
        {
            Console.Error.WriteLine($"NG  {LayersCommand.Text(note)}");
        }

        foreach (ImportNote note in result.Notes)
        {
            Console.Error.WriteLine($"注意 / note  {LayersCommand.Text(note)}");
        }

        if (result.Register is not { } register)
        {
            return 1;
        }

        if (result.IsUnchanged)
        {
            Console.WriteLine("変更なし / unchanged");
        }

        Say(register);
        return 0;
    }

    private static void Say(ResidentRegister r)
    {
        string mark = r.RemovedAt is null ? "" : "  外してあります / removed";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Title}  {r.SourceDate}{mark}\n{r.Households} 世帯 {r.People} 人 / households, people\n台帳にない点 {r.States.GetValueOrDefault(HouseholdState.Unregistered)}、場所のない世帯 {r.UnplacedHouseholds}（{r.UnplacedPeople} 人）、矛盾する行 {r.States.GetValueOrDefault(HouseholdState.Refused)} / points not in the register, households without a place (people), rows refused"));
        if (r.IsSynthetic)
        {
            Console.WriteLine(Synthetic);
        }
    }

    private static async Task<int> RunAsync(string dataDirectory, Func<ResidentDesk, Task<int>> work)
    {
        try
        {
            ResidentDesk desk = ResidentDesk.Open(dataDirectory, TimeProvider.System);
            await using (desk.ConfigureAwait(false))
            {
                return await work(desk).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("中止しました。住民データは元のままです / stopped; the residents are as they were").ConfigureAwait(false);
            return 2;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"field residents: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }
}
