using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Field.Broker;
using Field.Gdal;
using Field.Ingest.Identity;
using Field.MapApp;
using Field.MapApp.Forms;
using Field.Store.Audit;
using Field.Tests.Broker;
using Field.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Forms;

public sealed partial class FormOutputTests
{
    private static CancellationToken Cancel => FormFixture.Cancel;

    [Fact]
    public async Task Pdf_has_pages_and_text_in_embedded_fonts()
    {
        OutsideProgram.Find("chromium");
        await using FormFixture fixture = await FormFixture.CreateAsync("𠮷野橋");
        string photo = await fixture.AddPhotoAsync();
        for (int i = 0; i < 7; i++)
        {
            await fixture.AddFindingAsync(photo);
        }

        int before = Directory.GetDirectories(Path.GetTempPath(), "field-form-*").Length;
        FormFile file = await fixture.MakeAsync(new FormArguments("bridge", "pdf", FormFixture.Bridge));
        string pdf = Encoding.Latin1.GetString(file.Bytes);
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        Assert.InRange(PageObject().Count(pdf), 5, 8); // record, drawing, two of photos, degrees; a long table may take one more
        Assert.Matches("/FontFile|/Type3", pdf); // outlines of the glyphs are in the file, whichever way Chromium chose
        string characters = MappedCharacters(file.Bytes);
        Assert.All("𠮷野橋梁点検調書損傷図写真床版ひびわれ健全性髙花".EnumerateRunes(), r => Assert.Contains(r.ToString(), characters, StringComparison.Ordinal));
        Assert.True(Directory.GetDirectories(Path.GetTempPath(), "field-form-*").Length <= before);
    }

    [Fact]
    public async Task Pdf_without_chromium_says_what_to_install()
    {
        FormException e = await Assert.ThrowsAsync<FormException>(() => PdfPrinter.PrintAsync("", PdfPrinter.FindBrowser(_ => null), Cancel));
        Assert.Equal(501, e.Fault.Status);
        Assert.Contains("apt-get install chromium fonts-noto-cjk", e.Fault.Ja, StringComparison.Ordinal);
        Assert.Contains("take html", e.Fault.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_that_fails_is_told_and_leaves_nothing_behind()
    {
        FormException e = await Assert.ThrowsAsync<FormException>(() => PdfPrinter.PrintAsync("", "/bin/false", Cancel));
        Assert.Equal((500, true), (e.Fault.Status, e.Fault.En.Contains("exit 1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Crop_shows_the_damage_with_its_outline_drawn()
    {
        using TempFolder folder = new();
        byte[] pixels = new byte[2000 * 1500 * 3];
        Array.Fill(pixels, (byte)128);
        File.WriteAllBytes(folder.Path("p.jpg"), Images.EncodeJpeg(new RasterImage(2000, 1500, 3, pixels), 95));

        Picture crop = PhotoCrop.Make(folder.Path("p.jpg"), "[[[1800,1400],[1900,1400],[1900,1450],[1800,1450]]]");
        File.WriteAllBytes(folder.Path("crop.jpg"), crop.Jpeg);
        RasterImage seen = Images.Read(folder.Path("crop.jpg"));
        Assert.Equal((760, 464), (seen.WidthPx, seen.HeightPx)); // twice enlarged: 380 px around the damage
        (byte r, byte g, byte b) = At(seen, 2 * (1850 - 1620), 2 * (1400 - 1268)); // the window is pushed back into the photo: 1620, 1268
        Assert.True(b > 180 && b > g + 60, $"{r} {g} {b}");
        Assert.Equal((128, 128, 128), At(seen, 100, 100));
        Picture whole = PhotoCrop.Make(folder.Path("p.jpg"), null);
        Assert.Equal((619, 464), (whole.WidthPx, whole.HeightPx)); // 4:3 within the frame

        static (byte, byte, byte) At(RasterImage image, int x, int y) => (image.Pixels[((y * image.WidthPx) + x) * 3], image.Pixels[(((y * image.WidthPx) + x) * 3) + 1], image.Pixels[(((y * image.WidthPx) + x) * 3) + 2]);
    }

    [Fact]
    public async Task Download_has_a_japanese_name_and_is_audited_and_a_refusal_too()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        await fixture.AddFindingAsync(await fixture.AddPhotoAsync());
        await using WebApplication app = await ServeAsync(fixture);
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.Single()) };

        using HttpResponseMessage xlsx = await http.GetAsync(new Uri("/api/v1/forms/bridge?asset=bridge:aoba&format=xlsx", UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (xlsx.StatusCode, xlsx.Content.Headers.ContentType!.MediaType));
        Assert.StartsWith("橋梁点検調書_青葉橋_", xlsx.Content.Headers.ContentDisposition!.FileNameStar, StringComparison.Ordinal);
        Assert.Equal(("attachment", true, "nosniff"), (xlsx.Content.Headers.ContentDisposition.DispositionType, xlsx.Headers.CacheControl!.NoStore, xlsx.Headers.GetValues("X-Content-Type-Options").Single()));
        using Workbook book = new(await xlsx.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Contains("青葉橋", book.Texts("調書"));

        using HttpResponseMessage html = await http.GetAsync(new Uri("/api/v1/forms/bridge?asset=bridge:aoba&format=html&lang=en", UriKind.Relative), Cancel);
        Assert.StartsWith("default-src 'none'; img-src data:;", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("inline", html.Content.Headers.ContentDisposition!.DispositionType);

        using HttpResponseMessage none = await http.GetAsync(new Uri("/api/v1/forms/bridge?asset=bridge:none", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("\"ja\":", await none.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using HttpResponseMessage wrong = await http.GetAsync(new Uri("/api/v1/forms/tax?format=exe", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        await AuditedAsync(fixture, "bridge xlsx bridge:aoba", "done");
        await AuditedAsync(fixture, "there is no asset bridge:none", "refused");
    }

    [Fact]
    public async Task Command_writes_the_file_beside_a_running_server_and_says_what_is_wrong()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        await fixture.AddFindingAsync(await fixture.AddPhotoAsync());
        using TempFolder folder = new();
        string path = folder.Path("調書.xlsx");
        Assert.Equal(0, await FormCommand.RunAsync(fixture.DataDirectory, new FormArguments("bridge", "xlsx", FormFixture.Bridge), path, Cancel));
        using (Workbook book = new(await File.ReadAllBytesAsync(path, Cancel)))
        {
            Assert.Single(book.Part("損傷写真").DrawingsPart!.ImageParts);
        }

        Assert.Equal(1, await FormCommand.RunAsync(fixture.DataDirectory, new FormArguments("bridge", "xlsx", "bridge:none"), path, Cancel));
        Assert.Equal(2, await FormCommand.RunAsync(fixture.DataDirectory, new FormArguments("list", "csv"), folder.Path("no/such/folder.csv"), Cancel));
        Assert.Single(Directory.GetFiles(folder.Root));
        Assert.Contains(AuditLog.Read(IdentityOptions.AuditFolderOf(fixture.DataDirectory)), l => l.Contains("bridge xlsx bridge:aoba", StringComparison.Ordinal));
    }

    /// <summary>Refusals are written a moment after the answer.</summary>
    private static async Task AuditedAsync(FormFixture fixture, string what, string outcome)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!AuditLog.Read(IdentityOptions.AuditFolderOf(fixture.DataDirectory))
            .Any(l => l.Contains("form.export", StringComparison.Ordinal) && l.Contains(what, StringComparison.Ordinal) && l.Contains(outcome, StringComparison.Ordinal)))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task<WebApplication> ServeAsync(FormFixture fixture)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddMqttBroker(null);
        builder.Services.AddFieldIdentity(new IdentityOptions { Site = "aoba", DataDirectory = fixture.DataDirectory });
        builder.Services.AddSingleton(fixture.Desk);
        WebApplication app = builder.Build();
        app.UseRefusedCommandAudit();
        app.UseSecurityHeaders(gsiTiles: false);
        app.MapGroup("/api/v1").MapForms();
        await app.StartAsync(Cancel);
        return app;
    }

    /// <summary>All characters that the fonts' ToUnicode maps lead to.</summary>
    private static string MappedCharacters(byte[] pdf)
    {
        string raw = Encoding.Latin1.GetString(pdf);
        StringBuilder characters = new();
        foreach (Match stream in StreamStart().Matches(raw))
        {
            string text = Inflate(pdf.AsSpan(stream.Index + stream.Length).ToArray());
            foreach (Match map in Mapping().Matches(text))
            {
                byte[] first = Convert.FromHexString(map.Groups["to"].Value);
                int count = map.Groups["last"].Success ? int.Parse(map.Groups["last"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - int.Parse(map.Groups["first"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
                for (int i = 0; i <= Math.Min(count, 255); i++)
                {
                    characters.Append(Encoding.BigEndianUnicode.GetString([.. first[..^1], (byte)(first[^1] + i)]));
                }
            }
        }

        return characters.ToString();
    }

    private static string Inflate(byte[] from)
    {
        try
        {
            using ZLibStream zlib = new(new MemoryStream(from), CompressionMode.Decompress);
            using MemoryStream to = new();
            zlib.CopyTo(to);
            string text = Encoding.Latin1.GetString(to.ToArray());
            return text.Contains("beginbf", StringComparison.Ordinal) ? text : "";
        }
        catch (InvalidDataException)
        {
            return ""; // a stream of another kind, such as a JPEG
        }
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex PageObject();

    [GeneratedRegex(@"stream\r?\n")]
    private static partial Regex StreamStart();

    [GeneratedRegex(@"^<(?<first>[0-9A-Fa-f]{2,4})>\s*(<(?<last>[0-9A-Fa-f]{2,4})>\s*)?<(?<to>(?:[0-9A-Fa-f]{4})+)>\s*$", RegexOptions.Multiline)]
    private static partial Regex Mapping();
}
