using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp;

/// <summary>
/// The page's own files, which are the same for everybody. Beside a file lie <c>FILE.br</c> and <c>FILE.gz</c>, made by the build: they are sent
/// to who takes them, so that a visitor costs no compression. Nothing else is compressed: an answer with somebody's data would tell by its
/// length what is in it.
/// </summary>
internal static class PageFiles
{
    private static readonly (string Name, string Suffix)[] Encodings = [("br", ".br"), ("gzip", ".gz")];
    private static readonly PathString Hashed = "/assets";

    /// <summary>Serves the folder of the built pages.</summary>
    public static void UsePageFiles(this WebApplication app, string folder)
    {
        PhysicalFileProvider files = new(Path.GetFullPath(folder));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.Use((http, next) =>
        {
            if (http.GetEndpoint() is null)
            {
                http.Request.Path = Choose(http.Request, files);
            }

            return next(http);
        });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = new Types(), OnPrepareResponse = Prepare });
    }

    /// <summary>The smallest form of the file that the browser takes. A compressed one that is older than its file is not of it.</summary>
    private static PathString Choose(HttpRequest request, PhysicalFileProvider files)
    {
        IList<StringWithQualityHeaderValue> taken = request.GetTypedHeaders().AcceptEncoding;
        foreach ((string name, string suffix) in Encodings)
        {
            if (taken.Any(t => t.Quality != 0 && t.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                && files.GetFileInfo(request.Path + suffix) is { Exists: true } small
                && files.GetFileInfo(request.Path) is { Exists: true } whole && whole.LastModified <= small.LastModified)
            {
                return request.Path + suffix;
            }
        }

        return request.Path;
    }

    private static void Prepare(StaticFileResponseContext context)
    {
        IHeaderDictionary headers = context.Context.Response.Headers;
        headers.Vary = StringValues.Concat(headers.Vary, HeaderNames.AcceptEncoding);
        headers.CacheControl = context.Context.Request.Path.StartsWithSegments(Hashed, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable" // the name of each holds its hash
            : "no-cache";
        if (Encoding(context.File.Name) is { } encoding)
        {
            headers.ContentEncoding = encoding.Name;
        }
    }

    private static (string Name, string Suffix)? Encoding(string path) =>
        Array.Find(Encodings, e => path.EndsWith(e.Suffix, StringComparison.Ordinal)) is { Name: not null } encoding ? encoding : null;

    /// <summary>A compressed file is of the type of what it holds.</summary>
    private sealed class Types : IContentTypeProvider
    {
        private readonly FileExtensionContentTypeProvider _types = new();

        public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType) =>
            _types.TryGetContentType(Encoding(subpath) is { } encoding ? subpath[..^encoding.Suffix.Length] : subpath, out contentType);
    }
}
