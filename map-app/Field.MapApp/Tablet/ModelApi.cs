using Field.MapApp.Access;
using Field.Vision;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp.Tablet;

/// <summary>The models that the server scores with, for tablets that look at their own photos (SPEC.md section 21): the same files.</summary>
internal static class ModelApi
{
    public static void MapModels(this RouteGroupBuilder api, UpOptions options)
    {
        // read when a tablet asks for the first time: ingest has read and checked the same files for its own at the start
        Lazy<IReadOnlyList<ModelCard>> cards = new(() => [.. options.ModelCardPaths.Select(ModelCard.Load)]);
        api.MapGet("/models", (HttpContext http) => List(http, cards.Value)).Needs(Permissions.ReportsSend);
        api.MapGet("/models/{name}/{sha256}", (HttpContext http, string name, string sha256) => Send(http, cards.Value.FirstOrDefault(c => c.Name == name && c.Sha256 == sha256)))
            .Needs(Permissions.ReportsSend);
    }

    private static IResult List(HttpContext http, IReadOnlyList<ModelCard> cards)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new
        {
            models = cards.Select(c => new
            {
                name = c.Name,
                description = c.Description,
                task = c.Task,
                classes = c.Classes,
                input = c.Input,
                thresholds = c.Thresholds,
                experimental = c.Experimental,
                licence = c.Licence,
                sha256 = c.Sha256,
                sizeBytes = new FileInfo(c.ModelPath).Length,
                url = $"/api/v1/models/{c.Name}/{c.Sha256}",
            }),
        });
    }

    private static IResult Send(HttpContext http, ModelCard? card)
    {
        if (card is null)
        {
            http.Response.Headers.CacheControl = "no-store";
            return Results.NotFound();
        }

        // The hash is in the address, and the tablet checks it: what lies there never changes.
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.File(Path.GetFullPath(card.ModelPath), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{card.Sha256}\""));
    }
}
