using System.Text;
using Field.Gdal;
using Field.Store;

namespace Field.MapApp.Forms;

/// <summary>A form, written.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="MediaType">Its type.</param>
/// <param name="Name">Its name with extension, in Japanese where the form is.</param>
/// <param name="Notes">What the person should know about it, such as that nothing is confirmed yet.</param>
internal sealed record FormFile(byte[] Bytes, string MediaType, string Name, IReadOnlyList<(string Ja, string En)> Notes);

/// <summary>Makes forms from what is stored. One at a time, because photos and Chromium take a core each. Thread-safe.</summary>
/// <param name="features">Assets, findings, photos.</param>
/// <param name="blobs">Photo bytes; only read.</param>
/// <param name="time">The clock.</param>
/// <param name="browser">Path of Chromium, or null when there is none.</param>
internal sealed class FormDesk(IFeatureStore features, IBlobStore blobs, TimeProvider time, string? browser) : IDisposable
{
    /// <summary>More rows than this belong into a workbook or CSV file.</summary>
    private const int MaxPageRows = 3000;

    /// <summary>More pictures than this make a file that nobody can mail.</summary>
    private const int MaxPictures = 600;

    private const int MaxWaiting = 8;

    private readonly FormSource _source = new(features);
    private readonly OneAtATime _turn = new(MaxWaiting);

    /// <summary>Makes a form.</summary>
    /// <exception cref="FormException">It cannot be made.</exception>
    public Task<FormFile> MakeAsync(FormRequest request, CancellationToken cancel) => _turn.RunAsync(
        async () => await WriteAsync(await ReadAsync(request, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false),
        () => new FormException(FormFault.Busy),
        cancel);

    public void Dispose() => _turn.Dispose();

    private async Task<FormContent> ReadAsync(FormRequest request, CancellationToken cancel)
    {
        Feature? asset = request.AssetId is { } id ? await _source.AssetAsync(id, cancel).ConfigureAwait(false) ?? throw new FormException(FormFault.UnknownAsset(id)) : null;
        string? wanted = request.Kind switch { FormKind.Bridge => "bridge", FormKind.Levee => "levee", _ => null };
        if (wanted is not null && asset?.Text("kind") != wanted)
        {
            throw new FormException(FormFault.OtherKind(request.AssetId!, asset?.Text("kind"), wanted));
        }

        IReadOnlyList<Damage> found = await _source.DamagesAsync(request, cancel).ConfigureAwait(false);
        if (found.Count > MaxPageRows && request.Format is FormFormat.Pdf or FormFormat.Html)
        {
            throw new FormException(FormFault.TooManyPages(found.Count));
        }

        FormContent content = new(request, time.GetUtcNow(), Ordered(request.Kind, found))
        {
            Asset = asset,
            Elements = request.Kind == FormKind.Bridge ? await _source.ElementsAsync(asset!.Id, cancel).ConfigureAwait(false) : [],
            Views = request.Kind == FormKind.Bridge ? await _source.ViewsAsync(request, cancel).ConfigureAwait(false) : [],
            AssetNames = await _source.NamesAsync(found, cancel).ConfigureAwait(false),
        };
        return request.Format is FormFormat.Csv or FormFormat.GeoJson ? content : content with { Pictures = await PicturesAsync(content, cancel).ConfigureAwait(false) };
    }

    /// <summary>On a bridge decided damage and drafts have numbers of their own, for they are told apart.</summary>
    private static List<Damage> Ordered(FormKind kind, IReadOnlyList<Damage> found)
    {
        if (kind == FormKind.Bridge)
        {
            IEnumerable<Damage> sorted = found.OrderBy(d => d.Element, StringComparer.Ordinal).ThenBy(d => d.Type ?? int.MaxValue).ThenBy(d => d.Row.Id, StringComparer.Ordinal);
            return [.. sorted.Where(d => d.IsDecided).Select(Numbered), .. sorted.Where(d => !d.IsDecided).Select(Numbered)];
        }

        IEnumerable<Damage> ordered = kind switch
        {
            FormKind.Flood => FloodForm.InOrder(found),
            FormKind.Levee => found.OrderBy(d => d.Row.Real("markKm") is null).ThenBy(LeveeForm.Km).ThenBy(d => d.Row.Id, StringComparer.Ordinal),
            _ => found.OrderBy(d => d.Row.Text("assetId") ?? "\uFFFF", StringComparer.Ordinal).ThenBy(LeveeForm.Km).ThenBy(d => d.Element, StringComparer.Ordinal).ThenBy(d => d.Row.Id, StringComparer.Ordinal),
        };
        return [.. ordered.Select(Numbered)];

        static Damage Numbered(Damage damage, int index) => damage with { Number = index + 1 };
    }

    private async Task<IReadOnlyDictionary<string, Picture>> PicturesAsync(FormContent content, CancellationToken cancel)
    {
        Dictionary<string, Picture> pictures = new(StringComparer.Ordinal);
        IEnumerable<Damage> shown = content.Request.Kind switch
        {
            FormKind.Bridge => content.Decided,
            FormKind.Levee => content.Damages,
            FormKind.Flood => content.Damages.Take(FloodForm.MaxPhotos),
            _ => [],
        };
        IEnumerable<(string Id, Feature? Photo, string? Rings)> wanted = content.Views.Select(v => (v.Row.Id, (Feature?)v.Photo, (string?)null))
            .Concat(shown.Select(d => (d.Row.Id, d.Photo, d.Row.Text("pixelRings"))));
        foreach ((string id, Feature? source, string? rings) in wanted.Take(MaxPictures))
        {
            if (source is { } photo && await blobs.OpenFileAsync(photo.Id, cancel).ConfigureAwait(false) is { } file)
            {
                using (file)
                {
                    try
                    {
                        string path = file.Path;
                        pictures[id] = await Task.Run(() => PhotoCrop.Make(path, rings), cancel).ConfigureAwait(false);
                    }
                    catch (GdalException)
                    {
                        // The card says that there is no photo; the notes count it.
                    }
                }
            }
        }

        return pictures;
    }

    private async Task<FormFile> WriteAsync(FormContent content, CancellationToken cancel)
    {
        FormRequest request = content.Request;
        FormDocument form = request.Kind switch
        {
            FormKind.Bridge => BridgeForm.Build(content),
            FormKind.Levee => LeveeForm.Build(content),
            FormKind.Flood => FloodForm.Build(content),
            _ => ListForm.Build(content),
        };
        (byte[] bytes, string type) = request.Format switch
        {
            FormFormat.Csv => (ListForm.Csv(content), "text/csv; charset=utf-8"),
            FormFormat.GeoJson => (ListForm.GeoJson(content), "application/geo+json; charset=utf-8"),
            FormFormat.Html => (Encoding.UTF8.GetBytes(HtmlWriter.Write(form)), "text/html; charset=utf-8"),
            FormFormat.Pdf => (await PdfPrinter.PrintAsync(HtmlWriter.Write(form), browser, cancel).ConfigureAwait(false), "application/pdf"),
            _ => (XlsxWriter.Write(form), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        };
        string name = FormText.FileName($"{form.Title}_{form.Subject}_{content.MadeAt.ToOffset(FormRequest.JapanOffset):yyyyMMdd}");
        return new FormFile(bytes, type, $"{name}.{request.Format.ToString().ToLowerInvariant()}", Notes(content));
    }

    private static List<(string Ja, string En)> Notes(FormContent content)
    {
        List<(string, string)> notes = [];
        (int all, int drafts) = (content.Damages.Count, content.Drafts.Count);
        if (all == 0)
        {
            notes.Add(("この条件に当てはまる変状の記録はありません", "no findings for these conditions"));
        }
        else if (drafts == all)
        {
            notes.Add(($"確定した変状がありません（未判定 {drafts} 件）", $"nothing is confirmed yet ({drafts} drafts)"));
        }
        else if (drafts > 0)
        {
            notes.Add(($"未判定 {drafts} 件を含みます", $"{drafts} drafts are undecided"));
        }

        int withoutPhoto = content.Request switch
        {
            { Format: FormFormat.Csv or FormFormat.GeoJson } or { Kind: FormKind.List } => 0,
            { Kind: FormKind.Bridge } => content.Decided.Count(d => !content.Pictures.ContainsKey(d.Row.Id)),
            { Kind: FormKind.Flood } => Math.Min(all, FloodForm.MaxPhotos) - content.Pictures.Count,
            _ => all - content.Pictures.Count,
        };
        if (withoutPhoto > 0)
        {
            notes.Add(($"写真のない変状が {withoutPhoto} 件あります（「写真なし」と表示）", $"{withoutPhoto} have no photo that can be shown"));
        }

        return notes;
    }
}
