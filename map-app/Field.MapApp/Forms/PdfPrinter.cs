using System.Diagnostics;
using System.Text;

namespace Field.MapApp.Forms;

/// <summary>
/// Prints our own HTML to PDF with the machine's Chromium: no script (the page's own policy; the browser's printing needs its own), no network (every name resolves to nothing), a
/// private folder that is removed, and a time limit.
/// </summary>
internal static class PdfPrinter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    /// <summary>The browser's path from <c>FIELD_CHROMIUM</c>, else from PATH; null when there is none.</summary>
    public static string? FindBrowser(Func<string, string?> environment)
    {
        if (environment("FIELD_CHROMIUM") is { Length: > 0 } told)
        {
            return File.Exists(told) ? told : null;
        }

        string[] folders = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(n => folders.Select(f => Path.Combine(f, n))).FirstOrDefault(File.Exists);
    }

    /// <param name="html">The page, in which every text is escaped.</param>
    /// <param name="browser">Path of Chromium, or null when there is none.</param>
    /// <param name="cancel">Ends the browser.</param>
    /// <exception cref="FormException">No browser, or it did not print.</exception>
    public static async Task<byte[]> PrintAsync(string html, string? browser, CancellationToken cancel)
    {
        if (browser is null)
        {
            throw new FormException(FormFault.NoBrowser);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-form-"); // for its owner only (mode 700)
        try
        {
            string page = Path.Combine(folder.FullName, "form.html");
            string pdf = Path.Combine(folder.FullName, "form.pdf");
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(false), cancel).ConfigureAwait(false);
            await RunAsync(browser, folder.FullName, page, pdf, cancel).ConfigureAwait(false);
            return await File.ReadAllBytesAsync(pdf, cancel).ConfigureAwait(false);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static async Task RunAsync(string browser, string folder, string page, string pdf, CancellationToken cancel)
    {
        ProcessStartInfo info = new(browser, Arguments(folder, page, pdf)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        info.Environment["HOME"] = folder; // nothing of the browser stays behind, and it finds nothing of its user
        info.Environment["TMPDIR"] = folder;
        using Process process = Process.Start(info) ?? throw Failed("it did not start");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            if (process.ExitCode != 0 || !File.Exists(pdf))
            {
                string all = await errors.ConfigureAwait(false) + await output.ConfigureAwait(false);
                throw Failed($"exit {process.ExitCode}: {all.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l => l.Contains("ERROR", StringComparison.Ordinal))}");
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failed($"not finished after {Limit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static IEnumerable<string> Arguments(string folder, string page, string pdf)
    {
        string[] arguments =
        [
            "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-breakpad", "--host-resolver-rules=MAP * ~NOTFOUND",
            $"--user-data-dir={Path.Combine(folder, "profile")}", "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri,
        ];

        // Chromium's sandbox refuses to run as root; the page is our own, without script or network.
        return Environment.IsPrivilegedProcess ? arguments.Prepend("--no-sandbox") : arguments;
    }

    private static FormException Failed(string why) => new(FormFault.BrowserFailed(why));

    /// <summary>A helper process of the browser may still write for a moment after it has ended.</summary>
    private static void Remove(DirectoryInfo folder)
    {
        for (int i = 0; i < 20; i++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next try, or the system's cleaning of its temporary folder, takes the rest.
            }
        }
    }
}
