using System.CommandLine;
using System.Globalization;
using Field.Ingest.Import;
using Field.Ingest.Layers;
using Field.Store;

namespace Field.MapApp.Layers;

/// <summary><c>layers list | show | set | remove | restore | export</c>: the imported layers, whether the server runs or not.</summary>
internal static class LayersCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Argument<string> Id = new("ID") { Description = "The layer; list shows the ids." };

    public static Command Create() =>
        new("layers", "取り込んだレイヤー / Imported map layers.") { Data, List(), Show(), Set(), Remove(), Restore(), Export() };

    /// <summary>Opens the layers and turns what goes wrong into one sentence.</summary>
    public static async Task<int> RunAsync(string dataDirectory, Func<LayerDesk, Task<int>> work)
    {
        try
        {
            LayerDesk desk = LayerDesk.Open(dataDirectory, TimeProvider.System);
            await using (desk.ConfigureAwait(false))
            {
                return await work(desk).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("中止しました。レイヤーは元のままです / stopped; the layer is as it was").ConfigureAwait(false);
            return 2;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"field layers: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>A note as one line.</summary>
    public static string Text(ImportNote note)
    {
        string where = (note.Row > 0 ? $"{note.Row} 行目 / row {note.Row} " : "") + (note.Field is { } field ? $"[{field}] " : "");
        return note.Ja == note.En ? where + note.Ja : $"{where}{note.Ja} / {note.En}";
    }

    private static Command List()
    {
        Option<bool> all = new("--all") { Description = "Also those that were removed." };
        Command command = new("list", "一覧 / Lists layers.") { all };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            IReadOnlyList<Layer> layers = await desk.ListAsync(r.GetValue(all), cancel).ConfigureAwait(false);
            foreach (Layer l in layers)
            {
                string marks = (l.WithdrawnOn is { } day ? $"  取り下げ / withdrawn {day}" : "") + (l.RemovedAt is null ? "" : "  削除済み / removed");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{l.Id,-16} {l.Kind,-10} {l.DataClass,-8} {l.FeatureCount,7}  {l.Title}{marks}"));
            }

            Console.WriteLine($"{layers.Count} 件 / layers");
            return 0;
        }));
        return command;
    }

    private static Command Show()
    {
        Command command = new("show", "一件の内容 / What is known of a layer, its classes, and the rows that were repaired or refused.") { Id };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            Layer layer = await RequireAsync(desk, r.GetValue(Id)!, cancel).ConfigureAwait(false);
            Feature row = layer.ToFeature();
            foreach (Column column in row.Table.Columns.Where(c => !c.IsInternal && c.Type != ColumnType.Json && row.Properties[c.Name] is not null))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{column.Name,-16} {row.Properties[column.Name]}"));
            }

            Console.WriteLine($"{"fields",-16} {string.Join(", ", layer.Fields)}");
            foreach (LayerClass c in layer.Classes?.Classes ?? [])
            {
                Console.WriteLine($"{c.Key,-16} {c.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-",3}  {c.Colour}  {c.Ja} / {c.En}");
            }

            await foreach (Feature feature in desk.FeaturesAsync(layer, cancel).ConfigureAwait(false))
            {
                if (feature.Text("noteJa") is { } ja)
                {
                    Console.WriteLine($"{feature.Text("state"),-16} {Text(new ImportNote(feature.Whole("n") ?? 0, null, ja, feature.Text("noteEn") ?? ja))}  {feature.Text("attributes")}");
                }
            }

            return 0;
        }));
        return command;
    }

    private static Command Set()
    {
        Option<string?> Option(string name, string help) => new(name) { HelpName = help, Description = "An empty text clears it." };
        (Option<string?> title, Option<string?> kind, Option<string?> dataClass) = (Option("--title", "TEXT"), Option("--kind", string.Join('|', LayerKind.All)), Option("--data-class", string.Join('|', LayerDataClass.All)));
        (Option<string?> source, Option<string?> sourceDate, Option<string?> licence, Option<string?> attribution) =
            (Option("--source", "TEXT"), Option("--source-date", "yyyy-MM-dd"), Option("--licence", "TEXT"), Option("--attribution", "TEXT"));
        (Option<string?> withdrawn, Option<string?> reason) = (Option("--withdrawn", "yyyy-MM-dd"), Option("--withdrawn-reason", "TEXT"));
        Command command = new("set", "内容を変えます / Changes what is known of a layer.") { Id, title, kind, dataClass, source, sourceDate, licence, attribution, withdrawn, reason };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            string? New(Option<string?> option, string? old) => r.GetValue(option) is { } text ? text.Length == 0 ? null : text : old;
            Layer changed = await desk.ChangeAsync(r.GetValue(Id)!, layer => layer with
            {
                Title = New(title, layer.Title) ?? "",
                Kind = New(kind, layer.Kind) ?? LayerKind.Other,
                DataClass = New(dataClass, layer.DataClass) ?? layer.DataClass,
                Source = New(source, layer.Source),
                SourceDate = New(sourceDate, layer.SourceDate),
                Licence = New(licence, layer.Licence),
                Attribution = New(attribution, layer.Attribution),
                WithdrawnOn = New(withdrawn, layer.WithdrawnOn),
                WithdrawnReason = New(reason, layer.WithdrawnReason),
            }, Who, cancel).ConfigureAwait(false);
            Console.WriteLine($"{changed.Id}  {changed.Title}  {changed.Kind}  {changed.DataClass}");
            return 0;
        }));
        return command;
    }

    private static Command Remove()
    {
        Option<bool> forever = new("--forever") { Description = "完全に消します。戻せません / Deletes its features; nothing brings them back." };
        Command command = new("remove", "地図から外します / Takes a layer off the map; restore brings it back within 30 days.") { Id, forever };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            await desk.RemoveAsync(r.GetValue(Id)!, r.GetValue(forever), Who, cancel).ConfigureAwait(false);
            Console.WriteLine(r.GetValue(forever) ? "完全に消しました / deleted" : "外しました。30 日以内なら restore で戻せます / removed; restore brings it back within 30 days");
            return 0;
        }));
        return command;
    }

    private static Command Restore()
    {
        Command command = new("restore", "外したレイヤー、または一つ前の内容に戻します / Brings back a removed layer, or how it was before the last change.") { Id };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            Layer back = await desk.RestoreAsync(r.GetValue(Id)!, Who, cancel).ConfigureAwait(false);
            Console.WriteLine($"{back.Id}  {back.Title}  {back.FeatureCount} 件 / features  {back.Edition}");
            return 0;
        }));
        return command;
    }

    private static Command Export()
    {
        Option<FileInfo?> output = new("--out") { HelpName = "FILE", Description = "GeoJSON file; default standard output." };
        Command command = new("export", "GeoJSON に書き出します / Writes a layer as GeoJSON.") { Id, output };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(Data)!, async desk =>
        {
            Layer layer = await RequireAsync(desk, r.GetValue(Id)!, cancel).ConfigureAwait(false);
            Stream stream = r.GetValue(output) is { } file ? file.Create() : Console.OpenStandardOutput();
            await using (stream.ConfigureAwait(false))
            {
                await desk.ExportAsync(stream, layer, cancel).ConfigureAwait(false);
            }

            return 0;
        }));
        return command;
    }

    private static string Who => $"user:{Environment.UserName}";

    private static async Task<Layer> RequireAsync(LayerDesk desk, string id, CancellationToken cancel) =>
        await desk.FindAsync(id, cancel).ConfigureAwait(false) ?? throw new FieldException("そのレイヤーはありません / there is no such layer");
}
