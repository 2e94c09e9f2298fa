using System.Security.Cryptography;
using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;
using Microsoft.AspNetCore.Http.Features;

namespace Field.MapApp.Access;

/// <summary>
/// Browsers that send as edge devices (SPEC.md section 21): an id is issued to an account, once, and nobody else ever sends as it. What it sends
/// it sends over MQTT like every device.
/// </summary>
internal static class BrowserDevices
{
    /// <summary>How many that are not revoked a person may have; a browser that was wiped asks for a new one.</summary>
    public const int PerPerson = 50;

    /// <summary>The longest label, characters.</summary>
    public const int MaxLabel = 40;

    /// <summary>The audit log's word.</summary>
    public const string RevokeAudit = "tablet.revoke";

    private const string Prefix = "tablet-";

    // Read aloud over the radio: no letter that looks like a digit.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static void MapBrowserDevices(this RouteGroupBuilder api)
    {
        api.MapPost("/session/device", IssueAsync).Needs(Permissions.ReportsSend, Permissions.PhotosUpload);
        api.MapGet("/session/devices", ListOwnAsync).Needs(Permissions.ReportsSend, Permissions.PhotosUpload);
        api.MapDelete("/session/devices/{id}", RevokeAsync).Needs(Permissions.ReportsSend, Permissions.PhotosUpload);
        api.MapGet("/tablets", LabelsAsync).Needs(Permissions.MapView);
    }

    /// <summary>A new id; or, with <c>id</c>, that very one again when it is the person's own.</summary>
    private static async Task<IResult> IssueAsync(HttpContext http, AccountStore store, AccountDirectory directory, SecurityAudit audit, UpOptions options, TimeProvider time, Wish body)
    {
        string? owner = Owner(http);
        AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
        if (body.Id is { } known)
        {
            return book.BrowserDevices.TryGetValue(known, out BrowserDevice? same) && same.IsOf(owner) ? Results.Ok(Shown(same, options)) : throw new AccessException(AccessFault.NotYourDevice);
        }

        string label = string.IsNullOrWhiteSpace(body.Label) ? http.Features.GetRequiredFeature<Grants>().Subject.Name ?? "この機械 / this machine" : body.Label.Trim();
        if (label.Length > MaxLabel || label.Any(char.IsControl))
        {
            throw new AccessException(AccessFault.BadLabel);
        }

        BrowserDevice device = new(Prefix + RandomNumberGenerator.GetString(Alphabet, 8), owner, label, time.GetUtcNow());
        await audit.RecordAsync(new AuditEntry("tablet.issue", http.AuditName(), $"device:{device.Id}", "done") { From = http.AuditFrom() }, http.RequestAborted).ConfigureAwait(false);
        if (!await store.AddBrowserDeviceAsync(device, PerPerson, http.RequestAborted).ConfigureAwait(false))
        {
            throw new AccessException(AccessFault.TooManyDevices);
        }

        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.Json(Shown(device, options), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListOwnAsync(HttpContext http, AccountDirectory directory, UpOptions options)
    {
        string? owner = Owner(http);
        AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.Ok(new { devices = book.BrowserDevices.Values.Where(d => d.IsOf(owner)).OrderByDescending(d => d.IssuedAt).Select(d => Shown(d, options)) });
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, AccountStore store, AccountDirectory directory, SecurityAudit audit, TimeProvider time, string id)
    {
        string? owner = Owner(http);
        AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
        if (!book.BrowserDevices.TryGetValue(id, out BrowserDevice? device) || !device.IsOf(owner))
        {
            throw new AccessException(AccessFault.NotYourDevice);
        }

        await audit.RecordAsync(new AuditEntry(RevokeAudit, http.AuditName(), $"device:{id}", "done") { From = http.AuditFrom() }, http.RequestAborted).ConfigureAwait(false);
        await store.RevokeBrowserDeviceAsync(id, time.GetUtcNow(), http.RequestAborted).ConfigureAwait(false);
        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.NoContent();
    }

    /// <summary>What stands beside a tablet on the map: its label, not whose it is.</summary>
    private static async Task<IResult> LabelsAsync(HttpContext http, AccountDirectory directory)
    {
        http.Response.Headers.CacheControl = "no-store";
        AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.Ok(new { tablets = book.BrowserDevices.Values.OrderBy(d => d.Id, StringComparer.Ordinal).Select(d => new { id = d.Id, label = d.Label }) });
    }

    /// <summary>The account; null: the user of this machine, while there is no account.</summary>
    /// <exception cref="AccessException">A token: no browser.</exception>
    private static string? Owner(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        Subject subject = http.Features.GetRequiredFeature<Grants>().Subject;
        return subject.Token is not null ? throw new AccessException(AccessFault.NotYourDevice) : subject.Account?.Name;
    }

    private static object Shown(BrowserDevice device, UpOptions options) => new { id = device.Id, site = options.Site, label = device.Label, issuedAt = WireTime.Format(device.IssuedAt) };

    private sealed record Wish(string? Id, string? Label);
}
