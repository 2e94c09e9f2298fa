using System.Net;

namespace Field.Tests.Access;

/// <summary>What the server sends of the built pages: the form that the build compressed, to who takes it.</summary>
public sealed class PageFilesTests
{
    private static readonly byte[] Whole = [.. "console.log('whole')"u8];
    private static readonly byte[] Brotli = [1, 2, 3];
    private static readonly byte[] Gzip = [4, 5];

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("nonsense;;q=,", null)]
    [InlineData(null, null)]
    public async Task File_is_sent_in_the_smallest_form_that_is_taken(string? taken, string? sent)
    {
        await using AccessHost host = await StartAsync();
        using HttpResponseMessage response = await AskAsync(host, "/assets/app-1a2b.js", taken);
        Assert.Equal(sent switch { "br" => Brotli, "gzip" => Gzip, _ => Whole }, await response.Content.ReadAsByteArrayAsync(AccessHost.Token));
        Assert.Equal(sent is null ? [] : [sent], response.Content.Headers.ContentEncoding);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept-Encoding", response.Headers.Vary); // also of the whole file: a cache in between must know
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Compressed_form_that_is_older_than_its_file_is_not_sent()
    {
        await using AccessHost host = await StartAsync();
        string file = Path.Combine(host.WebFolder, "assets", "app-1a2b.js");
        File.SetLastWriteTimeUtc(file + ".br", File.GetLastWriteTimeUtc(file).AddMinutes(-1));
        using HttpResponseMessage response = await AskAsync(host, "/assets/app-1a2b.js", "br");
        Assert.Equal(Whole, await response.Content.ReadAsByteArrayAsync(AccessHost.Token));
    }

    [Fact]
    public async Task Page_is_asked_for_again_at_each_visit_and_not_sent_when_it_is_the_same()
    {
        await using AccessHost host = await StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(host.WebFolder, "index.html.br"), Brotli, AccessHost.Token);
        using HttpResponseMessage response = await AskAsync(host, "/", "br");
        Assert.Equal(Brotli, await response.Content.ReadAsByteArrayAsync(AccessHost.Token));
        Assert.Equal(("text/html", "no-cache"), (response.Content.Headers.ContentType?.MediaType, response.Headers.CacheControl?.ToString()));

        using HttpRequestMessage again = new(HttpMethod.Get, "/");
        again.Headers.Add("Accept-Encoding", "br");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using HttpResponseMessage same = await host.Program().SendAsync(again, AccessHost.Token);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task Compressed_form_without_its_file_is_no_file()
    {
        await using AccessHost host = await StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(host.WebFolder, "assets", "gone.js.br"), Brotli, AccessHost.Token);
        using HttpResponseMessage response = await AskAsync(host, "/assets/gone.js", "br");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<AccessHost> StartAsync()
    {
        AccessHost host = await AccessHost.StartAsync();
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(host.WebFolder, "assets")).FullName, "app-1a2b.js");
        await File.WriteAllBytesAsync(file, Whole, AccessHost.Token);
        await File.WriteAllBytesAsync(file + ".br", Brotli, AccessHost.Token);
        await File.WriteAllBytesAsync(file + ".gz", Gzip, AccessHost.Token);
        return host;
    }

    private static async Task<HttpResponseMessage> AskAsync(AccessHost host, string path, string? taken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (taken is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", taken);
        }

        return await host.Program().SendAsync(request, AccessHost.Token);
    }
}
