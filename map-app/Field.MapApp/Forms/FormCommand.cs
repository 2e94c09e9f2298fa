using System.CommandLine;
using Field.Ingest.Identity;
using Field.Store;
using Field.Store.Audit;

namespace Field.MapApp.Forms;

/// <summary><c>form bridge | levee | list | flood</c>: official forms and lists from what is stored, whether the server runs or not.</summary>
internal static class FormCommand
{
    public static Command Create() => new("form", "点検調書・一覧を作成します / Makes inspection records and lists: XLSX, PDF, HTML, CSV, GeoJSON.")
    {
        Form("bridge", "橋梁点検調書 / Bridge inspection record.", needsAsset: true),
        Form("levee", "堤防点検結果表 / Levee inspection table.", needsAsset: true),
        Form("list", "変状一覧 / Damage list.", needsAsset: false),
        Form("flood", "被災箇所一覧（緊急順）と時系列 / Damaged places by urgency, and the time line since the event.", needsAsset: false),
    };

    private static Command Form(string name, string description, bool needsAsset)
    {
        Option<string> data = ServerCommand.DataOption();
        Option<string?> asset = new("--asset") { HelpName = "ID", Required = needsAsset, Description = needsAsset ? $"Such as {name}:0012." : "Only this asset, such as levee:L1; default all." };
        Option<FileInfo> output = new("--out") { HelpName = "FILE", Required = true, Description = "Its extension says the format: .xlsx .pdf .html .csv .geojson" };
        Option<string?> from = new("--from") { HelpName = "TIME", Description = "Captured from here on: 2026-11-20 (a day in Japan), or with time and offset." };
        Option<string?> to = new("--to") { HelpName = "TIME", Description = "Captured up to and with this day, or before this time." };
        Option<string?> eventAt = new("--event-at") { HelpName = "TIME", Description = "When the flood or earthquake was; times are told since then." };
        Option<string?> language = new("--lang") { HelpName = "ja|en", Description = "Language of the form; default ja." };
        Option<string?> inspector = new("--inspector") { HelpName = "NAME", Description = "Name in the cell 点検者; default who decided." };
        Command command = new(name, description) { data, asset, output, from, to, language, inspector };
        if (name == "flood")
        {
            command.Add(eventAt);
        }

        command.SetAction((r, cancel) =>
        {
            FileInfo file = r.GetValue(output)!;
            FormArguments given = new(
                name, file.Extension.TrimStart('.'), r.GetValue(asset), r.GetValue(from), r.GetValue(to), name == "flood" ? r.GetValue(eventAt) : null, r.GetValue(language), r.GetValue(inspector));
            return RunAsync(Path.GetFullPath(r.GetValue(data)!), given, file.FullName, cancel);
        });
        return command;
    }

    /// <returns>The exit code: 0, 1 when the form cannot be made, 2 when the data folder or the file cannot be used.</returns>
    internal static async Task<int> RunAsync(string dataDirectory, FormArguments given, string path, CancellationToken cancel)
    {
        try
        {
            FormRequest request = FormRequest.Parse(given);
            StoreUris uris = StoreUris.Under(dataDirectory);
            IFeatureStore features = uris.OpenFeatures(TimeProvider.System);
            await using (features.ConfigureAwait(false))
            {
                using FormDesk desk = new(features, uris.OpenBlobs(), TimeProvider.System, PdfPrinter.FindBrowser(Environment.GetEnvironmentVariable));
                FormFile file = await desk.MakeAsync(request, cancel).ConfigureAwait(false);
                using (AuditLog audit = new(IdentityOptions.AuditFolderOf(dataDirectory), TimeProvider.System))
                {
                    AuditEntry entry = new("form.export", $"user:{Environment.UserName}", $"{given.Form} {given.Format} {request.AssetId ?? "all"}", "done") { Detail = $"{file.Bytes.Length} bytes" };
                    await audit.AppendAsync([entry], cancel).ConfigureAwait(false);
                }

                await WriteAsync(path, file.Bytes, cancel).ConfigureAwait(false);
                foreach ((string ja, string en) in file.Notes)
                {
                    await Console.Error.WriteLineAsync($"注意 / note  {ja} / {en}").ConfigureAwait(false);
                }
            }

            Console.WriteLine(path);
            return 0;
        }
        catch (FormException e)
        {
            await Console.Error.WriteLineAsync($"field form: {e.Message}").ConfigureAwait(false);
            return 1;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"field form: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>Whole or not at all: a form that is open in another program is not left half.</summary>
    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancel)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllBytesAsync(temporary, bytes, cancel).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
