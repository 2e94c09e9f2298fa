using System.Globalization;
using Field.Contracts;
using Field.Ingest;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp.Access;

/// <summary>Why somebody is not let in, or not to something.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">For programs.</param>
/// <param name="Ja">For people, in Japanese.</param>
/// <param name="En">For people, in English.</param>
internal sealed record AccessFault(int Status, string Code, string Ja, string En) : RequestError(Code, Ja, En)
{
    /// <summary>When to come back, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static AccessFault SignedOut { get; } = new(401, "signed-out", "サインインしてください", "sign in first");

    public static AccessFault NotAllowed { get; } = new(403, "not-allowed", "この操作の権限がありません。必要なときは管理者に依頼してください", "your role may not do this; ask an administrator when you need it");

    public static AccessFault NotServed { get; } = new(403, "not-served", "この情報はインターネット側の接続では表示できません。庁内の接続から開いてください", "this is not served towards the internet: open it inside the office network");

    public static AccessFault NoRule { get; } = new(403, "no-rule", "この要求には権限の定めがないため、受け付けません", "no permission is named for this request, so nobody may make it");

    public static AccessFault ProveAgain { get; } = new(401, "prove-again", "本人確認のため、もう一度パスワードを入力してください", "enter your password again, to show that it is you");

    public static AccessFault PasswordFirst { get; } = new(403, "password-first", "はじめに、自分のパスワードを決めてください", "choose a password of your own first");

    public static AccessFault TotpFirst { get; } = new(403, "totp-first", "はじめに、認証アプリを登録してください。あなたの役割では必須です", "set up an authenticator app first: your role needs it");

    public static AccessFault Wrong { get; } = new(401, "wrong", "名前かパスワードが違います", "the name or the password is wrong");

    public static AccessFault CodeNeeded { get; } = new(401, "code-needed", "認証アプリの6桁の数字を入力してください", "enter the 6 digits of your authenticator app");

    public static AccessFault CodeWrong { get; } = new(401, "code-wrong", "数字が違うか、すでに使われています。次の数字が出るのを待って入力してください", "the digits are wrong or were used before: wait for the next ones");

    public static AccessFault Locked { get; } = new(403, "locked", "このアカウントは管理者が停止しています。管理者に連絡してください", "an administrator has locked this account; ask an administrator");

    public static AccessFault FirstPasswordOver { get; } = new(403, "first-password-over", "最初のパスワードの期限が切れました。管理者に再発行を依頼してください", "the first password has expired; ask an administrator for a new one");

    public static AccessFault BadToken { get; } = new(401, "bad-token", "トークンが正しくないか、期限切れか、取り消されています", "the token is not valid, has expired or was revoked");

    public static AccessFault CrossSite { get; } = new(403, "cross-site", "ほかのサイトのページからの要求は受け付けません", "requests from another site's page are refused");

    public static AccessFault NotHere { get; } = new(403, "not-this-machine", "この接続はこの機械からしか使えません", "a Host or Origin that is not this machine");

    public static AccessFault OtherPerson { get; } = new(403, "other-person", "サインインしている人と、操作した人の名前が違います。操作した本人がサインインしてください", "it was done by somebody else than who is signed in; that person has to sign in");

    public static AccessFault NotYourDevice { get; } = new(403, "not-your-device", "この端末の番号は、ほかの人のものか、管理者が停止したものです", "this device id is somebody else's, or was revoked");

    public static AccessFault TooManyDevices { get; } = new(409, "too-many-devices", $"登録できるブラウザは一人 {BrowserDevices.PerPerson} 台までです。使わないものを停止してください", $"a person has at most {BrowserDevices.PerPerson} browsers that send: revoke one that is not used");

    public static AccessFault BadLabel { get; } = new(400, "bad-label", $"端末の名前は 1 行、{BrowserDevices.MaxLabel} 文字以内にしてください", $"a device's label is one line of at most {BrowserDevices.MaxLabel} characters");

    public static AccessFault Busy { get; } = new(503, "busy", "サインインが混み合っています。少し待ってから、もう一度お試しください", "too many sign-ins at the same time; try again in a moment") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static AccessFault TooShort { get; } = new(400, "too-short", $"パスワードは {PasswordRules.MinLength} 文字以上にしてください", $"a password has at least {PasswordRules.MinLength} characters");

    public static AccessFault TooLong { get; } = new(400, "too-long", $"パスワードは {PasswordRules.MaxLength} 文字以内にしてください", $"a password has at most {PasswordRules.MaxLength} characters");

    public static AccessFault TooCommon { get; } = new(400, "too-common", "よく使われるパスワードや単純な並びは使えません。別の言葉を組み合わせてください", "that password is too common or too simple: put other words together");

    public static AccessFault HoldsName { get; } = new(400, "holds-name", "パスワードに自分の名前を含めないでください", "the password must not contain your own name");

    public static AccessFault SameAgain { get; } = new(400, "same-again", "今と違うパスワードにしてください", "choose a password that differs from the present one");

    public static AccessFault NoTotpOffered { get; } = new(409, "no-totp-offered", "認証アプリの登録をはじめからやり直してください", "begin the set-up of the authenticator app again");

    public static AccessFault NotAPerson { get; } = new(403, "not-a-person", "サインインした人だけが使えます", "only for a person who has signed in");

    public static AccessFault LastAdministrator { get; } = new(
        409, "last-administrator", "サインインできる管理者がほかにいないため、できません。先に別の人を管理者にし、その人が自分のパスワードを決めてから、もう一度行ってください",
        "nobody else could administer: make somebody else an administrator first, let them choose a password of their own, then try again");

    public static AccessFault AccountChanged { get; } = new(409, "changed", "ほかの管理者が先に変更しました。最新の内容を確かめてください", "another administrator changed it meanwhile: look at it as it is now");

    public static AccessFault OwnAccount { get; } = new(403, "own-account", "自分のアカウントにはできません。ほかの管理者に依頼してください", "not on your own account: ask another administrator");

    public static AccessFault OwnRoles { get; } = new(403, "own-roles", "自分に役割を加えることはできません。ほかの管理者に依頼してください", "you cannot give yourself a role: ask another administrator");

    public static AccessFault NameTaken { get; } = new(
        409, "name-taken", "同じアカウント名か氏名の人がいます。氏名は記録で人を見分けるためのものです。所属を添えるなどして区別してください",
        "somebody has this account name, or this person's name: names on decisions must tell people apart, so add the department");

    public static AccessFault BadAccountName { get; } = new(
        400, "bad-name", "アカウント名は、半角の英小文字・数字・「.」「_」「-」で 2〜32 文字、先頭は英小文字か数字です", "an account name is 2 to 32 of a-z, 0-9, '.', '_' and -, beginning with a letter or digit");

    public static AccessFault BadDisplayName { get; } = new(
        400, "bad-display-name", $"名前は 1 行、1〜{AccountRules.MaxDisplayName} 文字にしてください", $"a name is one line of 1 to {AccountRules.MaxDisplayName} characters");

    public static AccessFault BadRoles { get; } = new(400, "bad-roles", "役割を一つ以上選んでください", $"one role or more of {string.Join(", ", Permissions.Roles)}");

    public static AccessFault BadReason { get; } = new(400, "bad-reason", $"理由は 1 行、1〜{AccountRules.MaxReason} 文字にしてください", $"a reason is one line of 1 to {AccountRules.MaxReason} characters");

    public static AccessFault BadDays { get; } = new(400, "bad-days", $"有効日数は 1〜{AccountRules.LongestTokenDays} 日にしてください", $"a token is valid for 1 to {AccountRules.LongestTokenDays} days");

    public static AccessFault NoAccount { get; } = new(404, "no-account", "このアカウントはありません。ほかの管理者が消したかもしれません", "there is no such account; it may have been removed");

    public static AccessFault NoToken { get; } = new(404, "no-token", "このトークンはないか、すでに取り消されています", "no such token, or it was revoked before");

    public static AccessFault Wait(int seconds) => new(
        429, "wait", $"失敗が続いたため、あと {seconds} 秒は受け付けません", $"too many failed attempts: try again after {seconds} seconds")
    { RetryAfter = TimeSpan.FromSeconds(seconds) };

    /// <summary>Answers with it; <c>retryAt</c> says when to come back.</summary>
    public Task WriteAsync(HttpContext http, TimeProvider time)
    {
        if (Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 9110 wants one; browsers ask nothing for this one
        }

        if (RetryAfter is not { } wait)
        {
            return JsonAnswer.RefuseAsync(http, Status, this);
        }

        http.Response.Headers[HeaderNames.RetryAfter] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return JsonAnswer.RefuseAsync(http, Status, this, writer => writer.WriteString("retryAt", WireTime.Format(time.GetUtcNow() + wait)));
    }
}

/// <summary>An <see cref="AccessFault"/> where only an exception can say it.</summary>
internal sealed class AccessException(AccessFault fault) : FieldException(fault.En)
{
    public AccessFault Fault { get; } = fault;
}
