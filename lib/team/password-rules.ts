/** Shortest password accepted, in characters. A long one beats a complicated one: there are no composition rules. */
export const passwordMinLength = 12;
/** Longest, in characters: what is hashed stays small. */
export const passwordMaxLength = 256;

/** Why a new password is refused. Words: `access.password.<reason>`. */
export type PasswordFlaw = "too-short" | "too-long" | "holds-user-name" | "too-common";

/**
 * Judges a new password (ASVS 5.0: 6.2.1, 6.2.4, 6.2.5, 6.2.11).
 *
 * "Too common" means: taking away well-known passwords, product words, the user name, keyboard walks, counting and
 * repeats leaves nothing that somebody would have to guess. So `Password2024!` and `cloakdbcloakdb` are refused as
 * well as the plain entries of the published lists, whose own length is mostly below the minimum.
 *
 * @param password as typed; nothing is trimmed
 * @param userName the name of the user it is for
 * @returns the first flaw found, or undefined when it may be used
 */
export function passwordFlaw(password: string, userName: string): PasswordFlaw | undefined {
  const length = [...password].length;
  if (length < passwordMinLength) return "too-short";
  if (length > passwordMaxLength) return "too-long";
  const name = undoFigures(lowerCase(userName));
  const ownWords = name.length >= 3 ? [name] : [];
  // "1q2w3e4r" is a walk as it stands; "p4ssw0rd" is a word once the figures are undone.
  const readings = [lowerCase(password), undoFigures(lowerCase(password))].map((text) =>
    withoutGuessable(text, ownWords),
  );
  if (readings.some((left) => left.usedOwnWord && left.rest < leastUnguessable)) return "holds-user-name";
  if (readings.some((left) => left.rest < leastUnguessable && left.words <= 2)) return "too-common";
  return undefined;
}

/** Characters that must stay when everything guessable is taken away, unless three or more different words stand there. */
const leastUnguessable = 5;

function lowerCase(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Reads figures that stand for letters inside a word as those letters. */
function undoFigures(text: string): string {
  return text.replace(/(?<=[a-z])[@4301$57](?=[a-z])/g, (figure) => figures[figure] ?? figure);
}

const figures: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "0": "o",
  "1": "i",
  $: "s",
  "5": "s",
  "7": "t",
};

/** Walks the text from left to right, taking the longest guessable piece each time. */
function withoutGuessable(
  text: string,
  ownWords: readonly string[],
): { readonly rest: number; readonly words: number; readonly usedOwnWord: boolean } {
  const found = new Set<string>();
  let usedOwnWord = false;
  let rest = 0;
  let at = 0;
  while (at < text.length) {
    const own = ownWords.find((word) => text.startsWith(word, at));
    const word = own ?? longestWordAt(text, at);
    const run = Math.max(walkAt(text, at), repeatAt(text, at));
    if (word !== undefined && (own !== undefined || word.length > run)) {
      usedOwnWord ||= own !== undefined;
      found.add(word);
      at += word.length;
    } else if (run >= 3) {
      at += run;
    } else {
      if (!/[\s\p{P}\p{S}]/u.test(text[at] ?? "")) rest += 1;
      at += 1;
    }
  }
  return { rest, words: found.size, usedOwnWord };
}

function longestWordAt(text: string, at: number): string | undefined {
  for (let length = Math.min(longestWord, text.length - at); length >= 3; length -= 1) {
    const piece = text.slice(at, at + length);
    if (commonWords.has(piece)) return piece;
  }
  return /^(19|20)\d\d/.test(text.slice(at, at + 4)) ? text.slice(at, at + 4) : undefined;
}

/** Length of a piece of a keyboard row, the alphabet or counting that starts here, forwards or backwards. */
function walkAt(text: string, at: number): number {
  let best = 0;
  for (const walk of walks) {
    let length = 0;
    for (let end = at + 3; end <= text.length; end += 1) {
      if (!walk.includes(text.slice(at, end))) break;
      length = end - at;
    }
    best = Math.max(best, length);
  }
  return best;
}

/** Length of a run that only repeats its first one to four characters ("aaaa", "abcabc"). */
function repeatAt(text: string, at: number): number {
  let best = 0;
  for (let period = 1; period <= 4; period += 1) {
    let end = at + period;
    while (end < text.length && text[end] === text[end - period]) end += 1;
    const length = end - at;
    if (length >= Math.max(3, period * 2)) best = Math.max(best, length);
  }
  return best;
}

const rows = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop[]",
  "asdfghjkl;'",
  "zxcvbnm,./",
  "qwertzuiopü",
  "azertyuiop",
  "qsdfghjklm",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "qazwsxedcrfvtgbyhnujmikolp",
  "!@#$%^&*()_+",
  "147258369",
  "789456123",
  "a1b2c3d4e5f6g7h8i9",
  "1a2b3c4d5e6f7g8h9i",
];
const walks = rows.flatMap((row) => [row, [...row].reverse().join("")]);

/** Stems of the passwords that published lists share, and the words of this product and its trade. */
const commonWords = new Set(
  `
  cloak cloakdb database postgres postgresql postgre pgsql psql pgadmin mysql oracle mongodb redis citus aurora azure supabase
  neon sql data admin administrator admins root user users guest test tester testing demo owner member manager super superuser
  sysadmin system server service public private default master console login logon signin access account secure security secret
  secrets passw passwd password passwords passwort passphrase passcode pass motdepasse contrasena senha wachtwoord parola geheim
  kennwort hallo letmein welcome willkommen bienvenue changeme change please temp temporary initial setup install backup
  company business office work home house family enter open sesame opensesame trustno trust nothing something whatever anything
  everything blahblah blah foobar foo bar example sample local localhost internet computer laptop windows linux ubuntu debian apple
  google facebook twitter instagram youtube amazon microsoft samsung nokia iphone android internetexplorer netscape cisco docker
  kubernetes github gitlab monday tuesday wednesday thursday friday saturday sunday january february march april may june july
  august september october november december spring summer autumn fall winter today tomorrow forever always never love loves
  lovely lover loveyou iloveyou iloveu ilove loveme jetaime tequiero teamo hello hellohello helloworld world hi there good bad
  happy lucky funny crazy sexy pretty beautiful cute sweet sweetie sweety honey baby babygirl babyboy princess prince queen king
  angel angels heaven devil god jesus jesuschrist christ church bible blessed blessing faith hope grace mary maria joseph
  dragon dragons monkey monkeys tiger tigers lion lions eagle eagles falcon hawk wolf wolves bear bears shark dolphin dolphins
  panther panda kitty kitten cat cats dog dogs doggy puppy horse horses pony bunny rabbit butterfly spider snake chicken turtle
  elephant fish fishing birdie phoenix unicorn dinosaur football soccer baseball basketball hockey tennis golf golfer cricket
  rugby volleyball skate skater surfer runner racing racer nascar ferrari porsche mercedes bmw audi toyota honda yamaha suzuki
  kawasaki harley davidson ford mustang camaro corvette chevy chevrolet chelsea arsenal liverpool liverpoolfc manchester
  manchesterunited united barcelona realmadrid juventus milan inter celtic rangers steelers cowboys yankees lakers redsox packers
  raiders broncos patriots dallas chicago boston newyork london paris berlin madrid america american england scotland ireland
  australia canada france germany deutschland espana italia mexico brasil russia china japan india pakistan philippines
  superman batman spiderman ironman hulk wolverine starwars startrek skywalker yoda jedi matrix pokemon pikachu naruto mario
  zelda sonic minecraft fortnite roblox warcraft worldofwarcraft counterstrike halo callofduty gandalf frodo hobbit potter
  harrypotter hogwarts merlin wizard magic ninja samurai pirate soldier warrior hunter killer shadow ghost zombie vampire
  thunder lightning storm rainbow sunshine moonlight starlight star stars galaxy planet ocean river mountain flower flowers rose
  roses daisy lily jasmine cherry orange banana apple strawberry lemon peach chocolate cookie cookies candy coffee cheese pizza
  pepper ginger sugar butter peanut whiskey vodka beer tequila corona heineken
  michael michelle jennifer jessica jordan robert thomas daniel andrew joshua matthew anthony charlie george william richard
  david james john johnny jonathan christopher christian christine christina nicholas nicole natalie natasha alexander alexandra
  alexandre benjamin samantha amanda ashley andrea angela anna hannah sarah rebecca rachel patrick patricia peter paul steven
  stephen stephanie jason justin brandon kevin brian eric martin maxwell oliver oscar simon sebastian victoria veronica vanessa
  elizabeth melissa barbara caroline carolina charlotte francesco francesca giovanni alejandro fernando gonzalez rodriguez
  hernandez martinez garcia carlos diego sophie sophia isabella emily emma olivia taylor tyler madison austin hunter cameron
  buster maggie bailey tigger snoopy scooby garfield mickey minnie donald bugs bunny barney winnie
  nirvana metallica slipknot eminem beatles beyonce rihanna madonna guitar music rockstar rocknroll rock dance dancer piano
  blink green blue red black white yellow purple pink silver golden gold diamond platinum crystal money dollar millionaire rich
  power energy force fire water earth wind metal steel iron hammer arrow rocket bullet gun gunner sniper marine navy army airforce
  police fireman doctor nurse teacher student school college university freedom liberty peace justice genius einstein
  student freedom fuck fucker fuckyou fuckoff shit asshole bitch pussy cock penis dick sex porn xxx naked nude
  qwerty qwertz azerty asdf zxcv qazwsx qweasd qweasdzxc asdfgh zxcvbn wasd abc abcd
  unbelievable incredible awesome amazing perfect supernova champion winner number one two three four five six seven eight nine
  ten hundred thousand million billion january correcthorsebatterystaple thisis this that the and for you your yours mine our
  mypassword mypass myspace mylove itsme its not now new old big small little long short
  `
    .split(/\s+/)
    .filter((word) => word !== ""),
);
const longestWord = Math.max(...[...commonWords].map((word) => word.length));
