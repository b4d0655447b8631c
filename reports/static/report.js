(function () {
  var d = document, r = d.documentElement, tip = d.getElementById('tip')
  function all(q, f) { Array.prototype.forEach.call(d.querySelectorAll(q), f) }
  function id(x) { return d.getElementById(x) }
  function hide() { tip.style.display = 'none' }
  function hit(e) {
    var x = e.target.closest && e.target.closest('[data-tip]')
    if (!x) return hide()
    tip.textContent = x.getAttribute('data-tip')
    tip.style.display = 'block'
    var y = e.clientY - tip.offsetHeight - 12
    tip.style.left = Math.max(6, Math.min(innerWidth - tip.offsetWidth - 6, e.clientX + 14)) + 'px'
    tip.style.top = (y < 4 ? e.clientY + 16 : y) + 'px'
  }
  d.addEventListener('pointermove', hit)
  d.addEventListener('pointerdown', hit)
  d.addEventListener('scroll', hide, true)
  d.addEventListener('keydown', function (e) { if (e.key === 'Escape') hide() })
  function speak(l) {
    all('.doc', function (x) {
      x.hidden = x.dataset.lang !== l
      if (!x.hidden) r.lang = x.lang
    })
    all('[data-set]', function (b) { b.setAttribute('aria-pressed', b.dataset.set === l) })
    all('#theme,#print', function (b) { b.textContent = b.dataset[l] })
  }
  all('[data-set]', function (b) { b.onclick = function () { speak(b.dataset.set) } })
  function go() {
    var h = location.hash.slice(1), x = h && id(h)
    var doc = x && x.closest('.doc')
    if (doc && doc.hidden) { speak(doc.dataset.lang); x.scrollIntoView() }
    if (x && x.tagName === 'DETAILS') x.open = true
  }
  addEventListener('hashchange', go)
  id('theme').onclick = function () {
    var dark = r.dataset.theme ? r.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
    r.dataset.theme = dark ? 'light' : 'dark'
  }
  id('print').onclick = function () { print() }
  addEventListener('beforeprint', function () { all('.sql', function (x) { x.open = true }) })
  all('th.sort', function (th) {
    var b = d.createElement('button')
    b.type = 'button'
    b.title = th.dataset.label
    b.textContent = th.textContent
    th.textContent = ''
    th.appendChild(b)
    b.onclick = function () {
      var body = th.closest('table').tBodies[0], down = th.getAttribute('aria-sort') !== 'descending'
      all('th.sort', function (x) { x.removeAttribute('aria-sort') })
      th.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      function key(row) { var v = row.cells[th.cellIndex].dataset.v; return v === '' ? -Infinity : down ? +v : -v }
      Array.prototype.slice.call(body.rows).sort(function (a, c) { return key(c) - key(a) })
        .forEach(function (x) { body.appendChild(x) })
    }
  })
  d.querySelector('.tools').hidden = false
  speak(d.querySelector('.doc').dataset.lang)
  go()
})()
